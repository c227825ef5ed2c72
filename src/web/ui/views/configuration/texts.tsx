// The document itself, as it runs or as it is stored.
import { Empty } from '../../parts/empty.tsx'
import { Reading } from '../../parts/reading.tsx'
import { useLoaded } from '../../state/loaded.ts'
import { NumberedText } from '../text/numbered-text.tsx'
import type { ConfigState } from './documents.ts'

const TITLES = {
  running: 'What a save would write',
  stored: 'What the file says',
} as const

export function TextTab({ side }: { readonly side: 'running' | 'stored' }) {
  const config = useLoaded<ConfigState>('/config')
  const { value } = config
  return (
    <>
      <Reading of={config} what="the document" />
      {value && (
        <p class="muted">
          {TITLES[side]}: <code>{value.file === '' ? 'no file' : value.file}</code>, revision{' '}
          {value.revision}
          {value.readOnly && '; the file is never written'}
        </p>
      )}
      {value && value[side] === '' && <Empty title="There is no such document." />}
      {value && value[side] !== '' && (
        <NumberedText label={`${side} configuration`} text={value[side]} />
      )}
    </>
  )
}
