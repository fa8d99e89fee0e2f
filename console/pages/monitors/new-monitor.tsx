import { Link } from '../../router/link.tsx'
import { Icon } from '../../ui/icon.tsx'

/** The way to the page on which monitors are made. */
export function NewMonitor() {
  return (
    <Link href="/monitors/new" className="button button-primary">
      <Icon name="plus" /> New monitor
    </Link>
  )
}
