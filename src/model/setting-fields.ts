// Every settable field of the parts of a document that are not services, once: timers, ssh, web, control socket,
// log. Each table stands under the name of its element.
import { LIMITS } from '../base/limits.ts'
import { parseNetwork } from '../base/networks.ts'
import { address, duration, flag, list, streak, text, type ValuesOf, whole, word } from './field.ts'

const timer = (of: string, standard: { enable: boolean; intervalMs: number }) => ({
  enable: flag({ attribute: 'enable', summary: of, effect: 'at once', standard: standard.enable }),
  intervalMs: duration({
    attribute: 'interval',
    summary: 'pause between two runs',
    effect: 'at once',
    minMs: 100,
    bareSeconds: true,
    standard: standard.intervalMs,
  }),
})

export const SETTING_FIELDS = {
  hostCheck: {
    ...timer('probe failed hosts and bring them back', { enable: true, intervalMs: 10_000 }),
    rise: streak('rise', 'good probes in a row that bring a failed host back', 1),
    timeoutMs: duration({
      attribute: 'timeout',
      summary: 'how long one probe may take',
      effect: 'at once',
      standard: 5_000,
    }),
  },
  configCheck: {
    ...timer('the sync timer: write running changes to the file, take edits of the file over', {
      enable: true,
      intervalMs: 10_000,
    }),
    sync: word({
      attribute: 'sync',
      summary:
        'off: the file is never written, also not by `save`; its edits are taken over all the same',
      effect: 'at once',
      words: ['on', 'off'],
      standard: 'on',
    }),
  },
  heartbeat: timer('probe every host, also those without traffic', {
    enable: false,
    intervalMs: 60_000,
  }),
  ssh: {
    listen: address({
      attribute: 'listen',
      summary: 'where operators log in',
      effect: 'after a restart',
      barePort: true,
      portSaid: true,
      standard: 'localhost:2222',
    }),
    enable: flag({
      attribute: 'enable',
      summary: 'let operators log in over ssh',
      effect: 'after a restart',
      standard: false,
    }),
    hostKey: text({
      attribute: 'hostKey',
      summary:
        'files with the host keys, separated by commas, at most one of each kind; the first is made at the first start, SIGHUP reads them anew',
      effect: 'after a restart',
      standard: 'keys/host_ed25519',
    }),
    keys: text({
      attribute: 'keys',
      summary: 'folder with NAME.pub for each operator, besides the <key> elements',
      effect: 'at once',
      standard: 'keys',
    }),
    algorithms: word({
      attribute: 'algorithms',
      summary: 'modern: what is held to be safe; old: also what clients from about 2012 on need',
      effect: 'after a restart',
      words: ['modern', 'old'],
      standard: 'modern',
    }),
    penaltyExempt: list({
      attribute: 'penaltyExempt',
      summary: 'addresses or networks that are never shut out for failed logins',
      effect: 'at once',
      accepts: 'IP addresses or networks (10.0.0.0/8 2001:db8::/32), separated by blanks',
      item: parseNetwork,
      standard: ['127.0.0.0/8', '::1'],
    }),
  },
  web: {
    listen: address({
      attribute: 'listen',
      summary: 'where the web page is served',
      effect: 'after a restart',
      portSaid: true,
      standard: 'localhost:7001',
    }),
    enable: flag({
      attribute: 'enable',
      summary: 'serve the web page',
      effect: 'after a restart',
      standard: false,
    }),
    secure: flag({
      attribute: 'secure',
      summary: 'serve it over HTTPS',
      effect: 'after a restart',
      standard: false,
    }),
    certificate: text({
      attribute: 'certificate',
      summary:
        'file with the certificate and its chain, PEM; empty makes a self-signed one under keys/',
      effect: 'after a restart',
      standard: '',
    }),
    key: text({
      attribute: 'key',
      summary: 'file with the private key of the certificate, PEM',
      effect: 'after a restart',
      standard: '',
    }),
    insecure: flag({
      attribute: 'insecure',
      summary: 'serve it without HTTPS also at an address that other machines reach',
      effect: 'after a restart',
      standard: false,
    }),
    legacyApi: flag({
      attribute: 'legacyApi',
      summary: 'answer the calls of the web pages of PythonDirector and txLoadBalancer',
      effect: 'at once',
      standard: false,
    }),
    metrics: word({
      attribute: 'metrics',
      summary:
        'who may read /metrics: token is a token or a login, open is whoever reaches the address',
      effect: 'at once',
      words: ['token', 'open'],
      standard: 'token',
    }),
    refreshMs: duration({
      attribute: 'refresh',
      summary: 'how often the page reloads',
      effect: 'at once',
      bareSeconds: true,
      standard: 30_000,
    }),
  },
  engine: {
    threads: whole({
      attribute: 'threads',
      summary: 'threads of the splice engine; 0 takes one less than there are CPUs, one at least',
      effect: 'after a restart',
      min: 0,
      max: LIMITS.engineThreadsMax,
      standard: 0,
    }),
  },
  control: {
    socket: text({
      attribute: 'socket',
      summary: 'Unix socket that tells hosts who is behind a connection; empty opens none',
      effect: 'after a restart',
      standard: '',
    }),
  },
  logging: {
    file: text({
      attribute: 'file',
      summary: 'file to log to, reopened on SIGHUP; empty logs to standard error',
      effect: 'after a restart',
      standard: '',
    }),
    level: word({
      attribute: 'level',
      summary: 'least severe lines that are written',
      effect: 'at once',
      words: ['error', 'warn', 'info', 'debug'],
      standard: 'info',
    }),
    format: word({
      attribute: 'format',
      summary: 'json: one object a line; text: for people',
      effect: 'after a restart',
      words: ['text', 'json'],
      standard: 'text',
    }),
  },
}

export type SettingValues = {
  readonly [Name in keyof typeof SETTING_FIELDS]: ValuesOf<(typeof SETTING_FIELDS)[Name]>
}
export type SettingName = keyof typeof SETTING_FIELDS
