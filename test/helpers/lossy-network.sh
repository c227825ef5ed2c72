# Runs a program in a network namespace of its own, in which all TCP of 127.0.0.0/8 goes over a lossy wire and sockets have small
# buffers. To be started by `unshare --net`: the namespace, its device and its settings are gone with the last process in it.
#
#   sh lossy-network.sh WIRE DELAY-US JITTER-US LOSS-PER-MILLE SEED BUFFER-BYTES PROGRAM [ARGUMENT…]
set -e
wire=$1 delay=$2 jitter=$3 loss=$4 seed=$5 buffer=$6
shift 6

set_to() {
  for file in $2; do echo "$1" >"/proc/sys/net/ipv4/$file"; done
}

ip link set lo up
# It says one line and then nothing, so this ends when the device is there.
said=$(mktemp -u)
mkfifo "$said"
"$wire" "$delay" "$jitter" "$loss" "$seed" wire0 >"$said" &
read -r _ <"$said"
rm "$said"
ip link set wire0 mtu 9000 txqueuelen 20000 up

# What the namespace sends to itself goes by the wire, and comes in from there.
set_to 0 conf/all/rp_filter
set_to 0 conf/wire0/rp_filter
set_to 1 conf/wire0/accept_local
set_to 1 conf/wire0/route_localnet
# Otherwise the system says again what was lost after 200 ms at the earliest, and cases have deadlines of that size.
ip route add 127.0.0.0/8 dev wire0 src 127.0.0.1 rto_min 5ms table 100
ip rule add pref 10 iif wire0 lookup local
ip rule add pref 20 to 127.0.0.0/8 ipproto tcp lookup 100
ip rule add pref 30 lookup local
ip rule del pref 0

set_to "4096 $((buffer / 4)) $buffer" "tcp_rmem tcp_wmem"
# A listening socket whose queue is full would answer with cookies, and those with resets when packets overtake each other.
set_to 0 tcp_syncookies

exec "$@"
