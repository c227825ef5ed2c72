// Something that is done one at a time: whoever asks for it while it goes on gets it once more when it is over, because what
// was asked meanwhile may have come too late for it. Pure.

/** @param task must not reject @returns begins it; resolves when nothing more was asked for */
export function oneByOne(task: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined
  let again = false
  const whole = async (): Promise<void> => {
    do {
      again = false
      await task()
    } while (again)
    running = undefined
  }
  return () => {
    again = running !== undefined
    running ??= whole()
    return running
  }
}
