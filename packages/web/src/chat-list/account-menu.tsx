import { CircleUser } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { useAccount, useSignedIn } from '../app/account.tsx';
import { type Theme, useTheme } from '../app/theme.ts';
import { IconButton } from '../ui/icon-button.tsx';
import { menuContent, menuItem } from '../ui/menu.ts';

const themes: [Theme, string][] = [
  ['system', 'As the system'],
  ['light', 'Light'],
  ['dark', 'Dark'],
];

export function AccountMenu() {
  const { signOut } = useAccount();
  const { me } = useSignedIn();
  const [theme, setTheme] = useTheme();
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger asChild>
        <IconButton icon={CircleUser} label="Account" />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content align="end" sideOffset={4} className={menuContent}>
          <DropdownMenu.Label className="px-2.5 py-1.5">
            <span className="block font-medium">{me.user.name}</span>
            <span className="block text-sm text-soft">
              {me.user.email ?? (me.user.kind === 'guest' ? 'Guest' : '')}
            </span>
          </DropdownMenu.Label>
          <DropdownMenu.Separator className="my-1 h-px bg-line" />
          <DropdownMenu.RadioGroup value={theme} onValueChange={(value) => setTheme(value as Theme)}>
            {themes.map(([value, label]) => (
              <DropdownMenu.RadioItem key={value} value={value} className={menuItem}>
                <span
                  aria-hidden
                  className={`size-2 rounded-full ${theme === value ? 'bg-accent' : 'bg-line'}`}
                />
                {label}
              </DropdownMenu.RadioItem>
            ))}
          </DropdownMenu.RadioGroup>
          <DropdownMenu.Separator className="my-1 h-px bg-line" />
          <DropdownMenu.Item className={menuItem} onSelect={() => void signOut()}>
            Sign out
          </DropdownMenu.Item>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
