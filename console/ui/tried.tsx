import './fields-form.css'

/** What came of a test, in words. */
export function Tried({ ok, detail, duration_ms: ms }: Readonly<{ ok: boolean; detail: string; duration_ms: number }>) {
  return (
    <div className={`tried ${ok ? 'tried-well' : 'tried-badly'}`} role={ok ? 'status' : 'alert'}>
      <strong>{ok ? `It works, in ${Math.round(ms)} ms` : `It does not work (after ${Math.round(ms)} ms)`}</strong>
      <span>{detail}</span>
    </div>
  )
}
