// Everything an engine promises, run once for each engine: the life of a session on real sockets.
import { describe } from 'vitest'
import type { CreateEngine } from '../helpers/engine-rig.ts'
import { addressCases } from './engine/addresses.ts'
import { explainCases } from './engine/explains.ts'
import { failureCases } from './engine/failures.ts'
import { figureCases } from './engine/figures.ts'
import { limitCases } from './engine/limits.ts'
import { pauseCases } from './engine/pauses.ts'
import { pickCases } from './engine/picks.ts'
import { proxyCases } from './engine/proxy.ts'
import { relayCases } from './engine/relay.ts'
import { tableCases } from './engine/tables.ts'

export function engineContract(name: string, createEngine: CreateEngine): void {
  describe(`the ${name} engine`, () => {
    describe('relays', () => {
      relayCases(createEngine)
    })
    describe('fails over', () => {
      failureCases(createEngine)
    })
    describe('explains itself', () => {
      explainCases(createEngine)
    })
    describe('counts for a service', () => {
      figureCases(createEngine)
    })
    describe('keeps limits', () => {
      limitCases(createEngine)
    })
    describe('holds clients', () => {
      pauseCases(createEngine)
    })
    describe('picks', () => {
      pickCases(createEngine)
    })
    describe('speaks the PROXY protocol', () => {
      proxyCases(createEngine)
    })
    describe('reaches every kind of address', () => {
      addressCases(createEngine)
    })
    describe('follows its tables', () => {
      tableCases(createEngine)
    })
  })
}
