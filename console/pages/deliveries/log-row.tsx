import { useState } from 'react'
import type { Delivery } from '../../data/monitor-history.ts'
import { Link } from '../../router/link.tsx'
import { Button } from '../../ui/button.tsx'
import { Flag } from '../../ui/flag.tsx'
import { Time } from '../../ui/time.tsx'
import { Tries } from '../monitor/tries.tsx'

type Given = Readonly<{
  delivery: Delivery
  isChosen: boolean
  isBusy: boolean
  onChosen: (isChosen: boolean) => void
  onRedrive: () => void
}>

export function LogRow({ delivery, isChosen, isBusy, onChosen, onRedrive }: Given) {
  const [isOpen, setOpen] = useState(false)
  const { id, monitor_id: monitor, receiver, title, status, attempts, detail, created_at: at } = delivery
  const { look, text } = words[status]
  const tries = attempts === 1 ? '1 try' : `${attempts} tries`
  const what = `${title} to ${receiver}`
  return (
    <>
      <tr>
        <td>
          {status === 'dead' ? (
            <input type="checkbox" aria-label={`Choose ${what}`} checked={isChosen} onChange={({ target }) => onChosen(target.checked)} />
          ) : null}
        </td>
        <td className="nowrap">
          <Time at={at} relative />
        </td>
        <td>
          <Link href={`/monitors/${monitor}`}>{monitor}</Link>
        </td>
        <td className="nowrap">{receiver}</td>
        <td>{title}</td>
        <td className="nowrap">
          <Flag look={look} text={text} />
        </td>
        <td>{detail ?? ''}</td>
        <td className="nowrap">
          <Button kind="quiet" aria-expanded={isOpen} aria-label={`${tries} of ${what}`} onClick={() => setOpen(!isOpen)}>
            {tries}
          </Button>
          {status === 'dead' ? (
            <Button busy={isBusy} aria-label={`Send ${what} again`} onClick={onRedrive}>
              Send again
            </Button>
          ) : null}
        </td>
      </tr>
      {isOpen ? (
        <tr>
          <td colSpan={8}>
            <Tries id={id} />
          </td>
        </tr>
      ) : null}
    </>
  )
}

const words: Readonly<Record<Delivery['status'], Readonly<{ look: 'ok' | 'warn' | 'alert' | 'none' | 'other'; text: string }>>> = {
  pending: { look: 'other', text: 'waits' },
  retrying: { look: 'warn', text: 'tried again' },
  delivered: { look: 'ok', text: 'delivered' },
  dead: { look: 'alert', text: 'dead' },
  merged: { look: 'other', text: 'part of another' },
}
