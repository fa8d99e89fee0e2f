/**
 * Downtimes: the coming weeks as a calendar, what holds now, and a form by which they are planned, changed and canceled.
 * Read next: calendar.tsx, form-dialog.tsx, ../../data/downtimes.ts.
 */
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { cancelDowntime, type Downtime, downtimesQuery, saveDowntime } from '../../data/downtimes.ts'
import { keys } from '../../data/keys.ts'
import { useCommands } from '../../shell/commands.ts'
import { Button } from '../../ui/button.tsx'
import { Problem, Skeleton } from '../../ui/notes.tsx'
import { Page } from '../../ui/page.tsx'
import { sayDone, sayProblem } from '../../ui/toasts.tsx'
import { Calendar } from './calendar.tsx'
import { attributesOf, emptyForm, type Form, formOf, localOf } from './form.ts'
import { FormDialog } from './form-dialog.tsx'
import { DowntimeList } from './list.tsx'

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone

export default function DowntimesPage() {
  const client = useQueryClient()
  const { data, error, refetch } = useQuery(downtimesQuery)
  const [open, setOpen] = useState<Readonly<{ id: string | null; form: Form }> | null>(null)
  const plan = (): void => setOpen({ id: null, form: emptyForm(localOf(new Date().toISOString()), zone) })
  useCommands([{ id: 'plan-downtime', label: 'Plan a downtime', group: 'Downtimes', keys: 'n', run: plan }])

  const renew = (): Promise<void> => client.invalidateQueries({ queryKey: keys.downtimes() })
  const save = async (form: Form): Promise<void> => {
    await saveDowntime(open?.id ?? null, attributesOf(form))
    setOpen(null)
    sayDone(open?.id === null ? 'The downtime is planned' : 'The downtime is changed')
    await renew()
  }
  const edit = (downtime: Downtime): void => {
    const form = formOf(downtime, zone)
    const { status } = downtime.attributes
    if (status === 'ended' || status === 'canceled') sayProblem('It is over: plan another one')
    else if (form === null) sayProblem('It has several rules: change it by the API, or cancel it and plan others')
    else setOpen({ id: downtime.id, form })
  }
  const cancel = async ({ id }: Downtime): Promise<void> => {
    try {
      await cancelDowntime(id)
      sayDone('The downtime is canceled')
      await renew()
    } catch (problem) {
      sayProblem(problem, 'Canceling')
    }
  }
  const active = data?.filter(({ attributes: { status } }) => status === 'active').length
  return (
    <Page
      title="Downtimes"
      note={active === undefined ? null : active === 0 ? 'None holds now' : `${active} hold${active === 1 ? 's' : ''} now`}
      actions={
        <Button kind="primary" icon="plus" title="Plan a downtime ( n )" onClick={plan}>
          Plan a downtime
        </Button>
      }
    >
      {error === null ? null : <Problem error={error} retry={() => void refetch()} />}
      {data === undefined ? (
        error === null ? (
          <Skeleton rows={12} height={24} />
        ) : null
      ) : (
        <>
          <DowntimeList downtimes={data} onEdit={edit} onCancel={(downtime) => void cancel(downtime)} />
          <Calendar downtimes={data} onOpen={edit} />
        </>
      )}
      {open === null ? null : (
        <FormDialog
          title={open.id === null ? 'Plan a downtime' : 'Change the downtime'}
          initial={open.form}
          onClose={() => setOpen(null)}
          onSave={save}
        />
      )}
    </Page>
  )
}
