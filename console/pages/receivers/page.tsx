/** Receivers: who is told, how each does, and whether it takes a message. Read next: ../receiver/page.tsx, docs/how-to. */
import { useQuery } from '@tanstack/react-query'
import { receiverTable } from '../../../contract/receivers/field-table.ts'
import { type Receiver, receiversQuery } from '../../data/receivers.ts'
import { Link } from '../../router/link.tsx'
import { navigate } from '../../router/location.ts'
import { useCommands } from '../../shell/commands.ts'
import { Button } from '../../ui/button.tsx'
import { Empty, Problem, Skeleton } from '../../ui/notes.tsx'
import { Page } from '../../ui/page.tsx'
import { Table } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { Breaker } from './breaker.tsx'
import { TestButton } from './test-button.tsx'

const add = (): void => navigate('/receivers/new')

export default function ReceiversPage() {
  const { data, error, refetch } = useQuery(receiversQuery)
  useCommands([{ id: 'receiver-new', label: 'New receiver', group: 'Receivers', keys: 'n', run: add }])
  const actions = (
    <Button kind="primary" icon="plus" onClick={add}>
      New receiver
    </Button>
  )
  const only = data?.every(({ kind }) => kind === 'log')
  return (
    <Page title="Receivers" note="Who is told. A message names one as @name." actions={actions}>
      {error === null ? null : <Problem error={error} retry={() => void refetch()} />}
      {data === undefined && error === null ? <Skeleton rows={4} height={28} /> : null}
      {data === undefined ? null : (
        <Table label="Receivers" heads={['Name', 'Kind', 'Health', 'Last delivered', 'Waiting', 'Dead', 'Budget', '']}>
          {data.map((one) => (
            <Row key={one.name} one={one} />
          ))}
        </Table>
      )}
      {only ? (
        <Empty title="Only the log is told so far">
          <p>A receiver is a channel, a mailbox or an address of yours. Make one, and try it before it matters.</p>
          {actions}
        </Empty>
      ) : null}
    </Page>
  )
}

function Row({ one }: Readonly<{ one: Receiver }>) {
  const { name, kind, health, policy, unreadable } = one
  const { budget } = policy
  return (
    <tr>
      <td>
        <Link href={`/receivers/${encodeURIComponent(name)}`}>
          <strong>{name}</strong>
        </Link>
      </td>
      <td>{receiverTable[kind]?.title ?? kind}</td>
      <td>
        <Breaker health={health} unreadable={unreadable} />
      </td>
      <td className="soft">{health?.last_success_at ? <Time at={health.last_success_at} relative /> : 'never'}</td>
      <td>{health?.open ?? 0}</td>
      <td>
        {health === null || health.dead === 0 ? (
          0
        ) : (
          <Link href={`/deliveries?status=dead&receiver=${encodeURIComponent(name)}`}>{health.dead}</Link>
        )}
      </td>
      <td className="soft">{budget === null ? 'none' : `${budget.messages} in ${budget.per} s`}</td>
      <td>
        <TestButton name={name} />
      </td>
    </tr>
  )
}
