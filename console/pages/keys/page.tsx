/** Keys: who may act, and what is let in. A new key is shown once. Read next: docs/how-to/keys.md, new-key.tsx. */
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { type AccessKey, accessKeysQuery, type KeyKind, kinds } from '../../data/access-keys.ts'
import { Button } from '../../ui/button.tsx'
import { Problem, Skeleton } from '../../ui/notes.tsx'
import { Page } from '../../ui/page.tsx'
import { Table } from '../../ui/table.tsx'
import { KeyRow } from './key-row.tsx'
import './keys.css'
import { NewKeyDialog } from './new-key.tsx'
import { RevokeDialog } from './revoke-dialog.tsx'

export default function KeysPage() {
  return (
    <Page title="Keys">
      <KeyList kind="application_keys" />
      <KeyList kind="api_keys" />
    </Page>
  )
}

function KeyList({ kind }: Readonly<{ kind: KeyKind }>) {
  const { title, noun, about } = kinds[kind]
  const { data, error, refetch } = useQuery(accessKeysQuery(kind))
  const [making, setMaking] = useState(false)
  const [revoking, setRevoking] = useState<AccessKey | null>(null)
  return (
    <section className="keys">
      <header>
        <h2>{title}</h2>
        <span className="soft">{about}</span>
        <Button icon="plus" disabled={data === undefined} onClick={() => setMaking(true)}>
          New {noun}
        </Button>
      </header>
      {error === null ? null : <Problem error={error} retry={() => void refetch()} />}
      {data === undefined && error === null ? <Skeleton rows={2} height={24} /> : null}
      {data === undefined ? null : (
        <Table label={title} heads={['Name', 'Role', 'Ends with', 'Made', 'Last used', '']}>
          {data.map((one) => (
            <KeyRow key={one.id} kind={kind} one={one} onRevoke={() => setRevoking(one)} />
          ))}
        </Table>
      )}
      {making ? <NewKeyDialog kind={kind} onClose={() => setMaking(false)} /> : null}
      {revoking === null ? null : <RevokeDialog kind={kind} one={revoking} onClose={() => setRevoking(null)} />}
    </section>
  )
}
