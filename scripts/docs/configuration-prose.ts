// What no table knows about the configuration file: the example, the rules for all elements, what each
// element is for, and the two old grammars. The examples are loaded by a test.
import { block, madeFrom } from './markdown.ts'

export const EXAMPLE = `<config>
  <service name="web" mode="tcp">
    <listen ip="0.0.0.0:8080" />
    <group name="main" scheduler="leastconns" enable="true" connectTimeout="5s" retries="3">
      <host name="a" ip="10.0.0.1:80" weight="2" maxSessions="500" />
      <host name="b" ip="[2001:db8::7]:80" state="draining" />
      <check type="http" path="/healthz" interval="2s" timeout="1s" rise="2" fall="3" />
    </group>
  </service>
  <admin>
    <web listen="localhost:7001" enable="true" />
    <ssh listen="localhost:2222" enable="true" />
    <user name="alice" access="full"> <key>ssh-ed25519 AAAA… alice@laptop</key> </user>
  </admin>
  <manager>
    <hostCheck interval="10" enable="true" />
    <configCheck interval="10" enable="true" />
    <heartbeat interval="20" enable="false" />
  </manager>
  <control socket="run/control.sock" />
  <logging file="sluice.log" />
</config>
`

export const DIRECTOR_EXAMPLE = `<pdconfig>
  <service name="web">
    <listen ip="127.0.0.1:8080" />
    <group name="main" scheduler="roundrobin">
      <host name="a" ip="10.0.0.1:80" />
    </group>
    <enable group="main" />
  </service>
  <admin listen="127.0.0.1:7001" secure="yes">
    <user name="bob" password="..xpoEyRReGzk" access="full" />
  </admin>
  <checktime time="60" />
</pdconfig>
`

export const INTRODUCTION = `# Configuration

${madeFrom('`src/config/read/grammar.ts` and `src/model/fields.ts`')}

Sluice reads one XML file and writes it back when something was changed live, so that a change survives a restart. The
same words are used in the file, in commands (\`set host web/main/a weight 5\`) and at the prompt.

${block('xml', EXAMPLE)}

## Rules for every element

- Attributes that are left out have their default. What is not listed here is refused, and so are names that come twice and values
  out of range: with file, line, column, what was found and what is accepted. Several faults are reported at once;
  \`sluice check FILE\` does that without starting anything. A file that does not load never replaces a configuration that runs.
- \`sluice check FILE\` also warns of what loads and is seldom meant: a group that serves nobody or has no spare, two hosts
  at one address, listeners that stand in each other's way, a port that needs a right, names that do not resolve (asked for
  five seconds at most), failed hosts that nothing brings back, ssh where nobody can log in, old passwords,
  tokens that have expired, a web page that will not start.
  \`--strict\` makes warnings fail (exit status 1), \`--json\` is for scripts.
- \`etc/sluice.xsd\` lets an editor complete and check a document while it is typed; \`etc/examples/full.xml\` shows how to name it.
- A document is UTF-8, at most 8 MB, 32 elements deep, and has at most 100,000 hosts. DTDs, entities other than the five of
  XML and numbers, and processing instructions are refused.
- A duration carries its unit: \`250ms\`, \`5s\`, \`1.5m\`, \`1h\`, \`2d\`. Only where it says so, a bare number means seconds.
- An address is \`ip:port\`, \`[ipv6]:port\`, \`name:port\` or \`unix:/path\`; \`*\` stands for every interface.
- Yes and no are \`true\` and \`false\`; \`yes\`, \`1\`, \`on\`, \`enable\` and their opposites are understood, in any case.
- Comments, \`<note>\` elements and stray text may stand anywhere. They are not read, and they are kept by a save.
- A value that takes effect *for new sessions* leaves open sessions as they are.`

/** What each element is for, in the order of the page. */
export const ELEMENTS: Readonly<Record<string, string>> = {
  service:
    'A named front door, in the root: its listeners, and its groups of which one is enabled. It holds `<listen>` and `<group>` elements.',
  listen: 'An address at which a `<service>` takes clients. A service may have many.',
  group:
    'A set of hosts with one scheduler, in a `<service>`. It holds `<host>` and `<check>` elements. One group of a service is enabled, also where there is only one.',
  host: 'One server of a `<group>`. Without a name it is called `host.N` after its place, counted from 0. Hosts stand in file order, which is the order of round-robin and of ties.',
  check:
    'A look taken at every host of its `<group>`, again and again, whatever the traffic says. A group may have many.',
  admin: 'Holds `<ssh>`, `<web>`, `<user>` and `<token>`. Nobody gets in by default.',
  ssh: 'Where operators log in over ssh; in `<admin>`.',
  web: 'The web page; in `<admin>`.',
  user: 'An operator, in `<admin>`. It holds `<key>` elements, each with one line as in an `authorized_keys` file.',
  key: 'A public key of a `<user>`, as text: `ssh-ed25519 AAAA… alice@laptop`.',
  token:
    'By which a program gets in, in `<admin>`. It is made by `token create`, which shows it once; the file has a hash of it.',
  manager: 'Holds the three timers: `<hostCheck>`, `<configCheck>`, `<heartbeat>`.',
  hostCheck: 'Brings failed hosts back after probing them; in `<manager>`.',
  configCheck: 'Keeps the file and the running system together; in `<manager>`.',
  heartbeat: 'Probes every host, also those without traffic; in `<manager>`.',
  control: 'Tells hosts on the same machine who is behind a connection; in the root.',
  logging: 'The log; in the root.',
  engine: 'The threads that carry the traffic; in the root. The node engine has none of its own.',
}

export const OLD_SPELLINGS = `## Old spellings

Files of txLoadBalancer and of PythonDirector load unchanged, and a save does not rewrite what they say in their own words.

**txLoadBalancer** has the root \`<config>\`. It marks the serving group by \`enable="true"\` on the \`<group>\`, gives
intervals in bare seconds, and may give the ssh \`listen\` as a bare port. Its timers were off where nothing was said; here the
defaults of the tables above hold.

**PythonDirector** has the root \`<pdconfig>\`, and:

- \`<enable group="main" />\` in a \`<service>\` names the serving group;
- \`<admin listen="…" secure="yes">\` with attributes is what \`<web listen="…" secure="yes" enable="true">\` is here;
- \`<checktime time="60" />\` in the root is the interval of \`<hostCheck>\` in seconds; 0 means 120.

${block('xml', DIRECTOR_EXAMPLE)}

Passwords of both are DES hashes of \`crypt(3)\`, of which 8 characters count. They are accepted with a warning; \`sluice passwd\`
makes better ones. Of schedulers, these names are understood as well:`
