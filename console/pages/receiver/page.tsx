/** One receiver, or a new one: its fields by its kind, how it does, and a test. Read next: receiver-form.tsx. */
import { useQuery } from '@tanstack/react-query'
import { receiverTable } from '../../../contract/receivers/field-table.ts'
import { receiverQuery } from '../../data/receivers.ts'
import type { PageProps } from '../../pages.ts'
import { useSearch } from '../../router/location.ts'
import { KindPicker } from '../../ui/kind-picker.tsx'
import { Problem, Skeleton } from '../../ui/notes.tsx'
import { Page } from '../../ui/page.tsx'
import { ReceiverForm } from './receiver-form.tsx'

export default function ReceiverPage({ parameters }: PageProps) {
  const [search, setSearch] = useSearch()
  if (parameters.name !== undefined) return <Stored name={parameters.name} />
  const kind = search.get('kind') ?? ''
  if (receiverTable[kind] !== undefined) return <ReceiverForm key={kind} kind={kind} stored={null} />
  return (
    <Page title="New receiver" note="How shall people be told?">
      <KindPicker kinds={receiverTable} onPick={(picked) => setSearch({ kind: picked })} />
    </Page>
  )
}

function Stored({ name }: Readonly<{ name: string }>) {
  const { data, error, refetch } = useQuery(receiverQuery(decodeURIComponent(name)))
  if (data !== undefined) return <ReceiverForm key={data.name} kind={data.kind} stored={data} />
  return (
    <Page title={decodeURIComponent(name)}>
      {error === null ? <Skeleton rows={8} height={24} /> : <Problem error={error} retry={() => void refetch()} />}
    </Page>
  )
}
