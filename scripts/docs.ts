// `tsx scripts/docs.ts` writes every generated page anew. test/docs/ fails while a page is behind.
import { writeFileSync } from 'node:fs'
import { PAGES } from './docs/pages.ts'

for (const [file, page] of PAGES) {
  writeFileSync(file, page())
  console.log(`${file} written`)
}
