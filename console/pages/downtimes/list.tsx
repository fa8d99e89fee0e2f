import type { Downtime } from '../../data/downtimes.ts'
import { Button } from '../../ui/button.tsx'
import { Empty } from '../../ui/notes.tsx'
import { Table } from '../../ui/table.tsx'
import { ruleText, spanText, titleOf, whomOf } from './words.ts'

type Given = Readonly<{ downtimes: readonly Downtime[]; onEdit: (downtime: Downtime) => void; onCancel: (downtime: Downtime) => void }>

const order = { active: 0, scheduled: 1, ended: 2, canceled: 3 } as const
const words = { active: 'holds now', scheduled: 'planned', ended: 'over', canceled: 'canceled' } as const

/** Each downtime, those that hold now first. */
export function DowntimeList({ downtimes, onEdit, onCancel }: Given) {
  if (downtimes.length === 0) {
    return (
      <Empty title="No downtime is planned">
        <p>While one holds, nobody is told; monitors go on watching.</p>
      </Empty>
    )
  }
  const sorted = [...downtimes].sort((one, other) => order[one.attributes.status] - order[other.attributes.status])
  return (
    <Table label="Downtimes" heads={['Status', 'What', 'Whom', 'When', '']}>
      {sorted.map((downtime) => {
        const { status, schedule } = downtime.attributes
        const isOpen = status === 'active' || status === 'scheduled'
        return (
          <tr key={downtime.id}>
            <td className={status === 'active' ? 'downtime-active' : 'soft'}>{words[status]}</td>
            <td>{titleOf(downtime)}</td>
            <td>{whomOf(downtime)}</td>
            <td>
              {'recurrences' in schedule
                ? schedule.recurrences
                    .map(({ rrule, duration, start }) => `${ruleText(rrule)}, ${start.slice(11, 16)}, for ${duration}`)
                    .join('; ')
                : spanText(schedule)}
            </td>
            <td>
              <span className="table-actions">
                {isOpen ? (
                  <>
                    <Button aria-label={`Change ${titleOf(downtime)}`} onClick={() => onEdit(downtime)}>
                      Change
                    </Button>
                    <Button kind="danger" aria-label={`Cancel ${titleOf(downtime)}`} onClick={() => onCancel(downtime)}>
                      Cancel
                    </Button>
                  </>
                ) : null}
              </span>
            </td>
          </tr>
        )
      })}
    </Table>
  )
}
