import { Tabs } from 'radix-ui';
import { Modal } from '../ui/modal.tsx';
import { AISettings } from './ai-settings.tsx';
import { ChatSettings } from './chat-settings.tsx';
import { PeopleSettings } from './people-settings.tsx';

const tab =
  'rounded-lg px-3 py-1.5 text-sm font-medium text-soft data-[state=active]:bg-tint data-[state=active]:text-ink';

export function SettingsDialog({ open, onOpenChange }: { open: boolean; onOpenChange: () => void }) {
  return (
    <Modal title="Settings" open={open} onOpenChange={onOpenChange} wide>
      <Tabs.Root defaultValue="chat">
        <Tabs.List aria-label="Settings" className="mb-4 flex gap-1">
          <Tabs.Trigger value="chat" className={tab}>
            Chat
          </Tabs.Trigger>
          <Tabs.Trigger value="people" className={tab}>
            People
          </Tabs.Trigger>
          <Tabs.Trigger value="ai" className={tab}>
            AI participants
          </Tabs.Trigger>
        </Tabs.List>
        <Tabs.Content value="chat">
          <ChatSettings onLeft={onOpenChange} />
        </Tabs.Content>
        <Tabs.Content value="people">
          <PeopleSettings />
        </Tabs.Content>
        <Tabs.Content value="ai">
          <AISettings />
        </Tabs.Content>
      </Tabs.Root>
    </Modal>
  );
}
