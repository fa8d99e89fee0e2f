import type { ButtonHTMLAttributes } from 'react'
import './button.css'
import { Icon, type IconName } from './icon.tsx'

export type ButtonProps = ButtonHTMLAttributes<HTMLButtonElement> &
  Readonly<{
    /** `primary`: the one thing this page is for. `danger`: it can't be taken back. `quiet`: without a border. */
    kind?: 'plain' | 'primary' | 'danger' | 'quiet'
    icon?: IconName
    /** Shown in place of what it says while it is done; the width stays. */
    busy?: boolean
  }>

export function Button({ kind = 'plain', icon, busy = false, className = '', children, disabled, ...rest }: ButtonProps) {
  const iconOnly = children === undefined
  return (
    <button
      type="button"
      className={`button button-${kind}${iconOnly ? ' button-icon' : ''} ${className}`}
      aria-busy={busy}
      disabled={disabled === true || busy}
      {...rest}
    >
      {icon === undefined ? null : <Icon name={icon} />}
      {children}
    </button>
  )
}
