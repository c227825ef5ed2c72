// The contract of engines once more, as it stands, over a network that loses, delays and lets packets overtake each other, with
// small buffers in all sockets: reads are short, writes are cut in the middle, and ends come late.
//
// Without netem: a wire of our own does the same on every Linux that has tun devices. SLUICE_SOAK_SECONDS, whatever it is, adds the
// cases on one thread.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { testFolder } from '../../helpers/folder.ts'
import {
  lossyNetworkMissing,
  type NetworkQuality,
  startInLossyNetwork,
} from '../../helpers/lossy-network.ts'
import { seed } from '../../helpers/seed.ts'
import { spliceMissing } from '../../helpers/splice-missing.ts'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
const VITEST = join(ROOT, 'node_modules', 'vitest', 'vitest.mjs')
const CASES = 'test/engine/splice/engine.test.ts'
/** The harder half by default: sessions of one service on several threads. */
const HALF = process.env['SLUICE_SOAK_SECONDS'] === undefined ? ['-t', 'on three threads'] : []
/** Where a case hears of something over two connections, a lost packet can change the order; not three times in a row. */
const RETRIES = 2
/** A run of nothing would prove nothing. */
const CASES_MIN = 100
const BAD = { delayUs: 500, jitterUs: 1_000, lossPerMille: 20, bufferBytes: 65_536 }
const missing = spliceMissing() || lossyNetworkMissing()

interface Report {
  readonly numPassedTests: number
  readonly testResults: readonly {
    readonly assertionResults: readonly {
      readonly fullName: string
      readonly status: string
      readonly failureMessages: readonly string[]
    }[]
  }[]
}

test.skipIf(missing !== '')(
  `${missing}the contract is kept in a bad network (SEED=${seed})`,
  {
    timeout: 180_000,
  },
  async () => {
    const { passed, failed } = await contractIn(BAD, HALF)
    expect(failed).toEqual([])
    expect(passed).toBeGreaterThan(CASES_MIN)
  },
)

async function contractIn(quality: NetworkQuality, how: readonly string[]) {
  const file = join(testFolder(), 'report.json')
  const reporters = ['--reporter=json', `--outputFile=${file}`]
  const words = ['run', CASES, '--no-color', `--retry=${RETRIES}`, ...reporters, ...how]
  const child = startInLossyNetwork(quality, [process.execPath, VITEST, ...words], ROOT)
  const { err } = await child.ended
  const { numPassedTests, testResults } = reportIn(file, err)
  const failed = testResults.flatMap(({ assertionResults }) =>
    assertionResults
      .filter(({ status }) => status === 'failed')
      .map(({ fullName, failureMessages }) => `${fullName}: ${failureMessages.join('; ')}`),
  )
  return { passed: numPassedTests, failed }
}

function reportIn(file: string, err: string): Report {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Report
  } catch (error) {
    throw new Error(`the contract could not be run: ${err}`, { cause: error })
  }
}
