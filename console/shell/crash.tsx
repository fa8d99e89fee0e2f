import { Component, type ReactNode } from 'react'
import { Problem } from '../ui/notes.tsx'

type State = Readonly<{ error: unknown }>

/** A page that fails says so in its place; everything around it still works. React knows no other way than a class. */
export class Crash extends Component<Readonly<{ children: ReactNode }>, State> {
  override state: State = { error: null }

  static getDerivedStateFromError(error: unknown): State {
    return { error }
  }

  override render(): ReactNode {
    const { error } = this.state
    if (error === null) return this.props.children
    return (
      <div className="page">
        <Problem error={error} retry={() => location.reload()} />
      </div>
    )
  }
}
