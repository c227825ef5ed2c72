// What the ancestors told in markup: the page with the tables, and running.xml in PythonDirector's grammar. Whatever is
// in a name, an address or a message, it stays text.
import { hostname } from 'node:os'
import type { Process } from '../../commands/context.ts'
import type { Balancer } from '../../model/balancer.ts'
import type { Group } from '../../model/group.ts'
import type { Host } from '../../model/host.ts'
import type { Service } from '../../model/service.ts'
import { byAddress, isInRotation } from './texts.ts'

const MARKUP: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Harmless between tags and in a quoted value. */
function escaped(text: string): string {
  // No other control character may stand in XML.
  const clean = text.replaceAll(/[^\P{Cc}\t\n]/gu, ' ')
  return clean.replaceAll(/[&<>"']/g, (sign) => MARKUP[sign] ?? sign)
}

/** `running`: what runs, as tables. @param message what became of the call before */
export function runningPage({ version, balancer }: Process, message: string): string {
  const said = message === '' ? '' : `<p><strong>${escaped(message)}</strong></p>\n`
  const services = balancer.serviceList.map(serviceTables).join('')
  return (
    '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>running</title></head><body>\n' +
    `<h1>Sluice ${escaped(version)} on ${escaped(hostname())}</h1>\n${said}${services}</body></html>\n`
  )
}

/** `running.xml`. @param withHashes with the hashes of passwords */
export function runningXml(balancer: Balancer, withHashes: boolean): string {
  const { settings, serviceList, users } = balancer
  const checkSeconds = Math.max(1, Math.round(settings.hostCheck.intervalMs / 1_000))
  const admin = users.map(({ name, access, password }) => {
    const shown = withHashes || password === '' ? password : '***'
    return element(2, 'user', { name, password: shown, access })
  })
  const { file } = settings.logging
  return [
    '<?xml version="1.0" encoding="utf-8"?>',
    '<pdconfig>',
    ...serviceList.flatMap(serviceElements),
    tag(1, 'admin', { listen: settings.web.listen }),
    ...admin,
    `${indent(1)}</admin>`,
    ...(file === '' ? [] : [element(1, 'logging', { file })]),
    element(1, 'checktime', { time: String(checkSeconds) }),
    '</pdconfig>\n',
  ].join('\n')
}

function serviceTables({ name, listenerList, groupList }: Service): string {
  const ports = listenerList.map(({ address }) => escaped(address)).join(', ')
  return `<h2>${escaped(name)}</h2>\n<p>listens on ${ports || 'nothing'}</p>\n${groupList.map(groupTable).join('')}`
}

function groupTable({ name, enabled, scheduler, hostList }: Group): string {
  const state = enabled ? 'enabled' : 'inactive'
  const heads = ['host', 'address', 'state', 'open', 'total', 'failed'].map(head).join('')
  const rows = hostList.toSorted(byAddress).map(hostRow).join('')
  const caption = `<caption>${escaped(name)}, ${state}, ${escaped(scheduler)}</caption>`
  return `<table border="1">${caption}\n<tr>${heads}</tr>\n${rows}</table>\n`
}

function hostRow(host: Host): string {
  const { name, address, notReadyBecause, counters } = host
  const state = isInRotation(host) ? 'ok' : `disabled: ${notReadyBecause}`
  const { open, total, failed } = counters
  const cells = [name, address, state, String(open), String(total), String(failed)]
  return `<tr>${cells.map((text) => `<td>${escaped(text)}</td>`).join('')}</tr>\n`
}

function head(text: string): string {
  return `<th scope="col">${text}</th>`
}

function serviceElements({
  name,
  listenerList,
  groupList,
  enabledGroup,
}: Service): readonly string[] {
  return [
    tag(1, 'service', { name }),
    ...listenerList.map(({ address }) => element(2, 'listen', { ip: address })),
    ...groupList.flatMap(groupElements),
    ...(enabledGroup === '' ? [] : [element(2, 'enable', { group: enabledGroup })]),
    `${indent(1)}</service>`,
  ]
}

function groupElements({ name, scheduler, hostList }: Group): readonly string[] {
  const hosts = hostList.toSorted(byAddress)
  return [
    tag(2, 'group', { name, scheduler }),
    ...hosts.map((host) => element(3, 'host', { name: host.name, ip: host.address })),
    `${indent(2)}</group>`,
  ]
}

type Attributes = Readonly<Record<string, string>>

function element(depth: number, name: string, attributes: Attributes): string {
  return tag(depth, name, attributes).replace(/>$/, '/>')
}

function tag(depth: number, name: string, attributes: Attributes): string {
  const pairs = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(value)}"`)
  return `${indent(depth)}<${name}${pairs.join('')}>`
}

function indent(depth: number): string {
  return ' '.repeat(4 * depth)
}
