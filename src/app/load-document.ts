// A configuration file as a document, or everything that is wrong with it.
import { BalancerError } from '../base/errors.ts'
import { ConfigFile } from '../config/keep/file.ts'
import { formatFault } from '../config/read/fault.ts'
import { type Document, readDocument } from '../config/read/read.ts'

/** @throws BalancerError FILE_UNREADABLE, CONFIG_BAD with every fault */
export async function loadDocument(file: string): Promise<Document> {
  const bytes = await new ConfigFile(file).read({ pipes: true })
  if (bytes === undefined) {
    throw new BalancerError(
      'FILE_UNREADABLE',
      `there is no ${file}; etc/config.xml is one to begin with`,
    )
  }
  const result = readDocument(bytes, file)
  if ('document' in result) return result.document
  const faults = result.faults.filter(({ severity }) => severity === 'fault').map(formatFault)
  throw new BalancerError('CONFIG_BAD', `${file}\n${faults.join('\n')}`)
}
