import './status.css'

/** By what a status looks like; the word beside it says the same. */
const looks: Readonly<Record<string, string>> = { Alert: 'alert', Warn: 'warn', OK: 'ok', 'No Data': 'none', Unknown: 'none' }

/** The status of a monitor or a group. */
export function Status({ status }: Readonly<{ status: string }>) {
  return <span className={`status status-${looks[status] ?? 'other'}`}>{status}</span>
}
