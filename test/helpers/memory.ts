// What this process really uses, garbage left out.
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

/** Bytes of heap and of buffers that are still referenced. */
export function memoryInUse(): number {
  // The first run finds the buffers that are free, the second one counts them as gone.
  collectGarbage()
  collectGarbage()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}
