// Files that must not load, and what an operator is told about each.
import { readFileSync, readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { formatFault } from '../../../src/config/read/fault.ts'
import { readDocument } from '../../../src/config/read/read.ts'

const FOLDER = 'test/config/read/broken/'

const CHOICES = 'accepted are &lt; &gt; &amp; &quot; &apos; and numbers such as &#233;'
const NAME =
  '1 to 64 printable characters without a slash, no blank or dash in front, no blank at the end'
const DOCTYPE = 'a DOCTYPE or other declaration: documents are read without a DTD, remove it'
const INSTRUCTION = 'a processing instruction: only <?xml …?> at the very start is accepted'
const ADDRESS = 'ip:port, [ipv6]:port, name:port or unix:/path'

/** Each line as it is printed, without the file. */
const EXPLANATIONS: Readonly<Record<string, readonly string[]>> = {
  'admin-twice.xml': ['3:3: a second <admin>, one is accepted; the first is on line 2'],
  'ampersand.xml': [`2:19: & alone, write &amp; for the character; ${CHOICES}`],
  'attribute-twice.xml': ['3:12: file is given twice in <logging>'],
  'billion-laughs.xml': [`2:1: ${DOCTYPE}`],
  'blank-that-is-none.xml': ['1:1: the tag <config> is not closed by > or />'],
  'cdata-end-alone.xml': ['2:9: ]]> outside of a CDATA section, write ]]&gt; for it'],
  'cdata-not-closed.xml': ['2:9: the CDATA section that starts here is not closed by ]]>'],
  'cdata-outside.xml': ['2:1: text outside the root element'],
  'comment-too-short.xml': ['2:3: the comment that starts here is not closed by -->'],
  'cut-off.xml': ['2:3: <service> is not closed by </service>'],
  'dashes-in-comment.xml': ['2:15: -- inside a comment, which XML permits at its end alone'],
  'declaration-late.xml': [`1:16: ${INSTRUCTION}`],
  'doctype.xml': [`2:1: ${DOCTYPE}`],
  'empty.xml': ['1:1: no element: a document is <config> … </config>'],
  'enabled-group-unknown.xml': [
    '5:13: no group mian in this service, did you mean main? there is main',
  ],
  'end-tag-missing.xml': ['5:3: </service> is not expected here: <group> of line 3 is still open'],
  'entity.xml': [
    `2:18: &home; is not known; ${CHOICES}`,
    `3:12: &eacute; is not known; ${CHOICES}`,
  ],
  'exec-without-command.xml': [
    '2:3: warning: service web has no <listen>: no client comes in',
    '5:7: <check type="exec"> needs command="…": program and arguments',
    '5:26: interval is a number with its unit: 250ms, 5s, 1.5m, 1h or 2d, from 100ms to 7d, got "5"',
  ],
  'external-entity.xml': [`1:1: ${DOCTYPE}`],
  'latin-1.xml': ['2:11: bytes that are not UTF-8: save the document in that encoding'],
  'missing-attributes.xml': [
    `2:3: <service> needs name="…": ${NAME}`,
    `3:5: <listen> needs ip="…": ${ADDRESS}`,
    `4:38: <host> needs ip="…": ${ADDRESS}, the port not 0`,
    `6:16: name is ${NAME}, got "a/b"`,
    '6:27: <key> holds a line as in authorized_keys, got nothing',
  ],
  'name-too-long.xml': ['2:9: a name of 257 characters, at most 256 are accepted'],
  'names-twice.xml': [
    '6:13: there are two hosts a, the first is on line 5',
    '8:5: warning: group main has no <host>: it can serve nobody',
    '8:12: there are two groups main, the first is on line 4',
    '10:12: there are two services web, the first is on line 2',
    '11:13: there are two listeners at 127.0.0.1:8080, the first is on line 3',
    '16:11: there are two users bob, the first is on line 15',
  ],
  'no-enabled-group.xml': [
    '2:3: no group of this service is enabled: say enable="true" on one of the groups blue, green',
  ],
  'not-xml.xml': ['1:1: text outside the root element'],
  'note-attribute-twice.xml': ['2:18: a is given twice in <b>'],
  'nul.xml': ['2:10: a character that XML does not permit: U+0000'],
  'other-encoding.xml': [
    '3:10: not ASCII, in a document that calls itself ISO-8859-1: save the document in UTF-8 and say encoding="UTF-8"',
  ],
  'page-said-twice.xml': [
    '3:5: <admin> with attributes is the old spelling of <web>, one of them is accepted',
    '5:3: <checktime> is the old spelling of <hostCheck interval="…">, one of them is accepted',
  ],
  'parameter-entity.xml': [`2:3: ${DOCTYPE}`],
  'port-0-twice.xml': [
    '4:13: there are two listeners at 127.0.0.1:0, the first is on line 3',
    '5:13: there are two listeners at 127.0.0.1:0, the first is on line 3',
  ],
  'processing-instruction.xml': [
    '2:3: a processing instruction: only <?xml …?> at the very start is accepted',
  ],
  'prototype-names.xml': [
    `2:12: name is ${NAME}, got "__proto__"`,
    '2:29: constructor is not known in <service>; accepted: name, mode, engine, accessLog',
    '4:38: __proto__ is not known in <group>; accepted: name, enable, scheduler, connectTimeout, idleTimeout, retries, maxFails, maxSessions, queue, queueTimeout, proxy',
  ],
  'quote-missing.xml': [
    '3:13: ip in <listen> has a quote that is not closed before the next <, which is written &lt; in a value',
  ],
  'references-not-permitted.xml': [
    `2:9: &#0; is not known; ${CHOICES}`,
    `2:14: &#xD800; is not known; ${CHOICES}`,
    `2:23: &#xFFFE; is not known; ${CHOICES}`,
    `2:32: &#X41; is not known; ${CHOICES}`,
    `2:39: &#1114112; is not known; ${CHOICES}`,
  ],
  'several-faults.xml': [
    `3:13: ip is ${ADDRESS}, got "127.0.0.1:80800"`,
    '4:24: scheduler is one of random, roundrobin, leastconns, leastconnsrr, weightedrandom, weightedroundrobin, weightedleastconns, twochoices, sticky, got "roundrobbin"',
    '5:42: wieght is not known in <host>, did you mean weight? accepted: name, ip, weight, state, maxSessions',
    '6:7: <hots> is not known in <group>, did you mean host? accepted: host, check',
    `7:22: ip is ${ADDRESS}, the port not 0, got "127.0.0.1"`,
    '7:37: state is one of enabled, draining, disabled, got "gone"',
  ],
  'stylesheet.xml': [`2:1: ${INSTRUCTION}`],
  'surrogate.xml': ['2:9: bytes that are not UTF-8: save the document in that encoding'],
  'tokens.xml': [
    '4:12: there are two tokens a, the first is on line 3',
    '5:5: <token> needs name="…": 1 to 64 printable characters without a slash, no blank or dash in front, no blank at the end',
    '6:5: <token> needs hash="…": sha256: and 64 hexadecimal digits in lower case',
    '7:21: hash is sha256: and 64 hexadecimal digits in lower case, got "md5:1"',
    '7:34: access is one of readonly, operate, full, got "root"',
    '7:48: expires is an instant of UTC: 2026-12-21T10:00:00Z, or empty, got "tomorrow"',
    '8:100: expires is an instant of UTC: 2026-12-21T10:00:00Z, or empty, got "2036-02-30T10:00:00Z"',
    '8:131: role is not known in <token>; accepted: name, access, hash, expires',
    '10:3: <token> is not known in <config>; accepted: service, admin, manager, engine, control, logging, checktime',
  ],
  'too-deep.xml': ['2:91: elements are nested more than 32 deep, the most there may be'],
  'two-enabled-groups.xml': ['5:44: groups blue and green are both enabled, one of a service is'],
  'two-roots.xml': ['2:1: a second root element <config>, one is accepted'],
  'utf-16-without-mark.xml': ['1:2: a character that XML does not permit: U+0000'],
  'utf-16.xml': ['1:1: bytes that are not UTF-8: save the document in that encoding'],
  'weight-not-a-number.xml': ['5:42: weight is a whole number from 0 to 256, got "x"'],
  'wrong-root.xml': ['1:1: the root element is <config> or <pdconfig>, got <haproxy>'],
}

test.each(readdirSync(FOLDER))('%s is refused with its explanation', (name) => {
  const file = FOLDER + name
  const result = readDocument(readFileSync(file), file)
  const lines = 'faults' in result ? result.faults.map(formatFault) : ['it loads']
  expect(lines).toEqual(EXPLANATIONS[name]?.map((line) => `${file}:${line}`))
})

test('every explanation belongs to a file', () => {
  expect(Object.keys(EXPLANATIONS).toSorted()).toEqual(readdirSync(FOLDER).toSorted())
})
