// Edits of the attributes of one element, led by a table of fields.
import { attributeOf, type Element } from '../read/parse.ts'
import { differing, valueIn } from './shape.ts'
import type { TextEdits } from './text-edits.ts'
import { attributeText } from '../read/values.ts'

/** Edit the attributes whose values differ; `before` says what they are now. */
export function editAttributes(
  edits: TextEdits,
  element: Element,
  table: object,
  before: object,
  wanted: object,
): void {
  for (const [property, field] of differing(wanted, table, before)) {
    const written = attributeOf(element, field.attribute)?.value
    edits.setAttribute(
      element,
      field.attribute,
      attributeText(field, valueIn(wanted, property), written),
    )
  }
}
