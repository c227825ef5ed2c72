// Documents made to be slow to read: megabytes of whatever a careless reader would look at again and again. No
// stopwatch: what is quadratic would not come back before the test gives up.
import { expect, test } from 'vitest'
import { LIMITS } from '../../../src/base/limits.ts'
import { readDocument } from '../../../src/config/read/read.ts'

/** An eighth of what is accepted: a hundred thousand pieces and more. */
const SIZE = LIMITS.configBytesMax / 8

/** `head`, as many pieces as fit, `tail`. */
function filled(piece: string | ((index: number) => string), head = '', tail = ''): string {
  const pieces: string[] = []
  const of = typeof piece === 'string' ? () => piece : piece
  let left = SIZE - head.length - tail.length
  for (let next = of(0); next.length <= left; next = of(pieces.length)) {
    left -= next.length
    pieces.push(next)
  }
  return head + pieces.join('') + tail
}

const IN = ['<config>', '</config>'] as const
const IN_USER = ['<config><admin><user name="a">', '</user></admin></config>'] as const
const IN_SERVICE = ['<config><service name="s">', '</service></config>'] as const
const IN_GROUP = [
  '<config><service name="s"><group name="g">',
  '</group></service></config>',
] as const

const REFUSED: Readonly<Record<string, () => string>> = {
  'nothing but <': () => filled('<'),
  'nothing but &': () => filled('&'),
  'starts of comments': () => filled('<!--'),
  'starts of CDATA': () => filled('<![CDATA[', '<config>'),
  'starts of elements': () => filled('<note>'),
  'ends of elements': () => filled('</a>', '<config>'),
  'one attribute without an end': () => filled('a', '<config '),
  'attributes without a quote': () => filled(' a=', '<config'),
  'an attribute with a long value': () => filled('x', '<config a="', '"/>'),
  'an attribute with many references': () => filled('&#65;', '<config a="', '"/>'),
  'one attribute again and again': () => filled(' a=""', '<config', '/>'),
  'attributes of many names': () => filled((index) => ` a${index}=""`, '<config', '/>'),
  'one attribute of a note again and again': () => filled(' a=""', '<config><note', '/></config>'),
  'a declaration without an end': () => filled(' a', '<?xml'),
  'a DOCTYPE': () => filled('[', '<!DOCTYPE '),
  NULs: () => filled('\0'),
  'unknown references': () => filled('&a;', ...IN),
  '& alone': () => filled('&a', ...IN),
  'too many ends of CDATA': () => filled(']]&gt;', ...IN).replace('</', ']]></'),
  'unknown elements on lines of their own': () => filled('<x/>\n', ...IN),
  hosts: () => filled('<host ip="a:1"/>', ...IN_GROUP),
  checks: () => filled('<check/>', ...IN_GROUP),
  services: () => filled('<service name="a"/>', ...IN),
  groups: () => filled('<group name="a"/>', ...IN_SERVICE),
  listeners: () => filled((index) => `<listen ip=":${index % 60_000}"/>`, ...IN_SERVICE),
  'elements that say which group is enabled': () => filled('<enable group="a"/>', ...IN_SERVICE),
  'users of one name': () => filled('<user name="a"/>', '<config><admin>', '</admin></config>'),
  'a long name': () => filled('a', '<config><service name="', '"/></config>'),
  'a long address': () =>
    filled('a.', '<config><service name="s"><listen ip="', '"/></service></config>'),
  'a long list': () =>
    filled(
      '1.1.1.1 ',
      '<config><service name="s"><listen ip=":1" allow="',
      '"/></service></config>',
    ),
  'a long list of codes': () =>
    filled(
      '200,',
      '<config><service name="s"><group name="g"><check status="',
      '"/></group></service></config>',
    ),
  'a long time': () =>
    filled('1', '<config><manager><hostCheck interval="', '"/></manager></config>'),
  'blanks before =': () => filled(' ', '<config a', '=""/>'),
}

const READ: Readonly<Record<string, () => string>> = {
  'notes in notes': () => filled('<note><note></note></note>', ...IN),
  'blanks in a tag': () => filled(' ', '<config', '/>'),
  'blanks before the root': () => filled(' ', '', '<config/>'),
  comments: () => filled('<!---->', ...IN),
  CDATA: () => filled('<![CDATA[]]>', ...IN),
  'half ends of CDATA': () => filled(']] >', ...IN),
  text: () => filled('x', ...IN),
  references: () => filled('&#65;', ...IN),
  'attributes of a note': () => filled((index) => ` a${index}=""`, '<config><note', '/></config>'),
  'a key of many CDATA sections': () =>
    filled(
      '<![CDATA[x]]>',
      '<config><admin><user name="a"><key>',
      '</key></user></admin></config>',
    ),
  'a key with blanks': () =>
    filled(' \r\n', '<config><admin><user name="a"><key>a', 'b</key></user></admin></config>'),
  'long keys': () => filled(`<key>${'x'.repeat(1_000)}</key>`, ...IN_USER),
  'users who have old passwords': () =>
    filled(
      (index) => `<user name="u${index}" password="..xpoEyRReGzk" auth="publickey"/>`,
      '<config><admin>',
      '</admin></config>',
    ),
}

test.each(Object.entries(REFUSED))('refused: %s', (_, text) => {
  const result = readDocument(Buffer.from(text()), 'c')
  const faults = 'faults' in result ? result.faults : []
  expect(faults.some(({ severity }) => severity === 'fault')).toBe(true)
  for (const { message } of faults) expect(message.length).toBeLessThan(1_000)
})

test.each(Object.entries(READ))('read: %s', (_, text) => {
  expect(readDocument(Buffer.from(text()), 'c')).toHaveProperty('document')
})
