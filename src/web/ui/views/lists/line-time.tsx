// When a line was written; on a narrow screen without the day.
import { moment } from '../../text/format.ts'

export function LineTime({ time }: { readonly time: string }) {
  const [day = '', clock = ''] = moment(time).split(' ')
  return (
    <time dateTime={time}>
      <span class="date">{day} </span>
      {clock}
    </time>
  )
}
