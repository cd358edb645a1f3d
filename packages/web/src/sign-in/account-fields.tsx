import type { InputHTMLAttributes } from 'react';
import { TextField } from '../ui/field.tsx';

/** The fields that say who one is, alike wherever they are asked for. */

export interface AccountFieldProps
  extends Pick<InputHTMLAttributes<HTMLInputElement>, 'required' | 'autoComplete' | 'minLength'> {
  value: string;
  onChange: (value: string) => void;
  hint?: string;
}

export function NameField({ value, onChange, ...rest }: AccountFieldProps) {
  return (
    <TextField
      label="Your name"
      autoComplete="name"
      maxLength={80}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      {...rest}
    />
  );
}

export function EmailField({ value, onChange, ...rest }: AccountFieldProps) {
  return (
    <TextField
      label="E-mail"
      type="email"
      autoComplete="username"
      value={value}
      onChange={(event) => onChange(event.target.value)}
      {...rest}
    />
  );
}

/** A password that one has. */
export function PasswordField({ value, onChange, ...rest }: AccountFieldProps) {
  return (
    <TextField
      label="Password"
      type="password"
      autoComplete="current-password"
      value={value}
      onChange={(event) => onChange(event.target.value)}
      {...rest}
    />
  );
}

/** A password that one chooses. */
export function NewPasswordField(props: AccountFieldProps) {
  return <PasswordField autoComplete="new-password" minLength={8} hint="At least 8 characters." {...props} />;
}
