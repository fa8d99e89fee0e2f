import { Link } from '../router/link.tsx'
import { Empty } from '../ui/notes.tsx'
import { Page } from '../ui/page.tsx'

export function NotFound() {
  return (
    <Page title="Not found">
      <Empty title="There is no page at this address">
        <p>
          It may have been moved, or the link was cut. <Link href="/monitors">All monitors</Link>
        </p>
      </Empty>
    </Page>
  )
}
