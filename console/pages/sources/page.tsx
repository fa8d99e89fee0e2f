/** Sources: where data comes from, how workers find each, and whether it answers now. Read next: ../source/page.tsx. */
import { useQuery } from '@tanstack/react-query'
import { sourceTable } from '../../../contract/source-table.ts'
import { type ListedSource, sourceQuery, sourcesQuery } from '../../data/sources.ts'
import { Link } from '../../router/link.tsx'
import { navigate } from '../../router/location.ts'
import { useCommands } from '../../shell/commands.ts'
import { Button } from '../../ui/button.tsx'
import { Empty, Problem, Skeleton } from '../../ui/notes.tsx'
import { Page } from '../../ui/page.tsx'
import { Table } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { Circuit } from './circuit.tsx'
import { TestSource } from './test-source.tsx'

const add = (): void => navigate('/sources/new')

export default function SourcesPage() {
  const { data, error, refetch } = useQuery(sourcesQuery)
  useCommands([{ id: 'source-new', label: 'New source', group: 'Sources', keys: 'n', run: add }])
  const actions = (
    <Button kind="primary" icon="plus" onClick={add}>
      New source
    </Button>
  )
  return (
    <Page title="Sources" note="Where data comes from, beside what is pushed to Tocsin." actions={actions}>
      {error === null ? null : <Problem error={error} retry={() => void refetch()} />}
      {data === undefined && error === null ? <Skeleton rows={4} height={28} /> : null}
      {data === undefined || data.length === 0 ? null : (
        <Table label="Sources" heads={['Name', 'Kind', 'Address', 'Health', 'Last answer', '']}>
          {data.map((one) => (
            <Row key={one.name} one={one} />
          ))}
        </Table>
      )}
      {data?.length === 0 ? (
        <Empty title="No source of your own yet">
          <p>
            What is pushed to Tocsin, web pages and composites are evaluated without one. A Prometheus, a Loki or a PostgreSQL is a source.
          </p>
          {actions}
        </Empty>
      ) : null}
    </Page>
  )
}

function Row({ one: { name, kind, config, error, default: isDefault } }: Readonly<{ one: ListedSource }>) {
  // How workers find it is asked for one by one: there are few.
  const { data } = useQuery(sourceQuery(name))
  const last = data?.workers
    .flatMap(({ last_answer: at }) => at ?? [])
    .sort()
    .at(-1)
  return (
    <tr>
      <td>
        <Link href={`/sources/${encodeURIComponent(name)}`}>
          <strong>{name}</strong>
        </Link>
        {isDefault ? <span className="soft"> default</span> : null}
      </td>
      <td>{sourceTable[kind].title}</td>
      <td className="soft">{String(config.url ?? '')}</td>
      <td>
        <Circuit workers={data?.workers ?? null} unreadable={error} />
      </td>
      <td className="soft">{last === undefined ? 'none yet' : <Time at={last} relative />}</td>
      <td>
        <TestSource name={name} />
      </td>
    </tr>
  )
}
