// What a document, a candidate or a revision changes, as a list: parts by service, and no more of them drawn at once than
// anybody reads.
import { useState } from 'preact/hooks'
import { Button } from '../../parts/button.tsx'
import { type Difference, partsOf, SIGN_WORDS, SIGNS, textOf } from './difference.ts'
import './text.css'

/** Differences that are drawn until more are asked for. */
const DRAWN = 200

export function DifferenceList({ differences }: { readonly differences: readonly Difference[] }) {
  const [most, setMost] = useState(DRAWN)
  const left = differences.length - most
  return (
    <div class="differences">
      {partsOf(differences.slice(0, most)).map(({ name, differences: found }) => (
        <section key={name} aria-label={name}>
          <h3>{name}</h3>
          <ul>
            {found.map((difference, index) => (
              <DifferenceRow key={index} difference={difference} />
            ))}
          </ul>
        </section>
      ))}
      {left > 0 && (
        <Button small onPress={() => setMost(most + DRAWN * 5)}>
          {left} more
        </Button>
      )}
    </div>
  )
}

function DifferenceRow({ difference }: { readonly difference: Difference }) {
  const { action } = difference
  return (
    <li class={`difference ${action}`}>
      <span class="sign" aria-hidden="true">
        {SIGNS[action]}
      </span>
      <span class="unseen">{SIGN_WORDS[action]}: </span>
      {textOf(difference)}
    </li>
  )
}
