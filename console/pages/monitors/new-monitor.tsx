import { consolePaths } from '../../../contract/console.ts'
import { Link } from '../../router/link.tsx'
import { Icon } from '../../ui/icon.tsx'

const address = '/monitors/new'
const hasPage = consolePaths.some((path): boolean => String(path) === address)

/** The way to the page on which monitors are made. */
export function NewMonitor() {
  return hasPage ? (
    <Link href={address} className="button button-primary">
      <Icon name="plus" /> New monitor
    </Link>
  ) : null
}
