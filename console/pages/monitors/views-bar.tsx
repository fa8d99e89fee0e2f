import { type FormEvent, useState } from 'react'
import { Link } from '../../router/link.tsx'
import { useSearch } from '../../router/location.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { TextField } from '../../ui/field.tsx'
import { sayProblem } from '../../ui/toasts.tsx'
import { forgetView, givenViews, saveView, useViews } from './views.ts'
import './views-bar.css'

/** Views, those that everybody has and one's own; what is shown now can be saved as one. */
export function ViewsBar() {
  const [current] = useSearch()
  const own = useViews()
  const [saving, setSaving] = useState(false)
  const search = current.size === 0 ? '' : `?${current}`
  const known = [...givenViews, ...own].some((view) => view.search === search)
  const ownName = own.find((view) => view.search === search)?.name

  const save = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    try {
      saveView({ name: String(new FormData(event.currentTarget).get('name')).trim(), search })
      setSaving(false)
    } catch (error) {
      sayProblem(error, 'This browser keeps nothing')
    }
  }
  return (
    <div className="views">
      <ul aria-label="Views">
        {[...givenViews, ...own].map((view) => (
          <li key={`${view.name} ${view.search}`}>
            <Link href={`/monitors${view.search}`} className="view" aria-current={view.search === search ? 'true' : undefined}>
              {view.name}
            </Link>
          </li>
        ))}
      </ul>
      {known ? null : (
        <Button kind="quiet" icon="plus" onClick={() => setSaving(true)}>
          Save view
        </Button>
      )}
      {ownName === undefined ? null : (
        <Button kind="quiet" onClick={() => forgetView(ownName)}>
          Forget view
        </Button>
      )}
      {saving ? (
        <Dialog title="Save this view" onClose={() => setSaving(false)}>
          <form className="view-form" onSubmit={save}>
            <TextField label="Name" name="name" required maxLength={40} hint="Kept in this browser. Its address can be sent to anybody." />
            <Button kind="primary" type="submit">
              Save
            </Button>
          </form>
        </Dialog>
      ) : null}
    </div>
  )
}
