// What is shown at an address of the page that leads nowhere.
import { Empty } from '../parts/empty.tsx'
import { Page } from '../parts/page.tsx'
import { hrefOf } from '../route.ts'

export function MissingView() {
  return (
    <Page title="Not here">
      <Empty title="There is nothing at this address.">
        <p>
          <a href={hrefOf({ view: 'overview' })}>To the overview</a>
        </p>
      </Empty>
    </Page>
  )
}
