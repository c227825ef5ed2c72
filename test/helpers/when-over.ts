// Giving back what a test took: when the test is over, or when its file is, where a hook of the file took it. One
// process can so be shared by all tests of a file.
import { afterAll, onTestFinished, TestRunner } from 'vitest'

type GiveBack = () => unknown

const ofTheFile: GiveBack[] = []

afterAll(async () => {
  for (const giveBack of ofTheFile.splice(0).toReversed()) await giveBack()
})

/** Run `giveBack` after the test that runs, or after the last one of the file where none does. */
export function whenOver(giveBack: GiveBack): void {
  if (TestRunner.getCurrentTest() === undefined) ofTheFile.push(giveBack)
  else onTestFinished(async () => void (await giveBack()))
}
