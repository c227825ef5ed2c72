// All that is known of one line, a row for each fact, made harmless for the page.
import { visible, visibleLine } from '../text/visible.ts'

export function Facts({ facts }: { readonly facts: readonly (readonly [string, string])[] }) {
  return (
    <dl class="fact-list">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{visibleLine(name)}</dt>
          <dd>
            <pre>{visible(value)}</pre>
          </dd>
        </div>
      ))}
    </dl>
  )
}
