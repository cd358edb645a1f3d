import type { ModelsResponse, Participant, TurnMode } from '@parley/client';
import { useEffect, useState } from 'react';
import { useSignedIn } from '../app/account.tsx';
import { SelectField, TextArea, TextField } from '../ui/field.tsx';

type Policy = NonNullable<Participant['ai']>['policy'];

/** What one chooses for an AI participant; empty text = as the server has it. */
export interface AIChoice {
  name: string;
  model: string;
  policy: Policy;
  every: number;
  instructions: string;
}

export const newAI: AIChoice = { name: '', model: '', policy: 'always', every: 5, instructions: '' };

export function choiceOf({ name, ai }: Participant): AIChoice {
  const { model = '', policy = 'always', every = 5, instructions = '' } = ai ?? {};
  return { name, model, policy, every, instructions };
}

/** The choice as the API takes it. */
export function aiBody({ name, ...choice }: AIChoice) {
  return { ...(name.trim() === '' ? {} : { name: name.trim() }), ...aiSettingsOf(choice) };
}

export function aiSettingsOf({ model, policy, every, instructions }: Omit<AIChoice, 'name'>) {
  return {
    policy,
    every,
    ...(model.trim() === '' ? {} : { model: model.trim() }),
    ...(instructions.trim() === '' ? {} : { instructions: instructions.trim() }),
  };
}

const policies: [Policy, string][] = [
  ['always', 'After every message of a person'],
  ['mentioned', 'When it is mentioned'],
  ['question', 'When somebody asks a question'],
  ['every_n', 'After every few messages'],
  ['round_end', 'At the end of a round'],
  ['never', 'Only when asked to'],
];

export interface AIFieldsProps {
  value: AIChoice;
  onChange: (value: AIChoice) => void;
  turnMode: TurnMode;
}

export function AIFields({ value, onChange, turnMode }: AIFieldsProps) {
  const { parley } = useSignedIn();
  const [models, setModels] = useState<ModelsResponse>();
  useEffect(() => {
    parley.models().then(setModels, () => {});
  }, [parley]);
  const set = (change: Partial<AIChoice>) => onChange({ ...value, ...change });
  const shown = models?.models.find(({ id }) => id === models.default)?.label ?? '';
  const byMode =
    turnMode === 'flexible'
      ? undefined
      : 'In this turn mode the mode decides; “Only when asked to” still holds.';

  return (
    <div className="space-y-3 border-l-2 border-line pl-4">
      <TextField
        label="AI name"
        placeholder={shown}
        maxLength={80}
        value={value.name}
        onChange={(event) => set({ name: event.target.value })}
      />
      <TextField
        label="Model"
        placeholder={models?.default ?? ''}
        list="models"
        hint="provider/model, or empty for the server's own."
        value={value.model}
        onChange={(event) => set({ model: event.target.value })}
      />
      <datalist id="models">
        {models?.models.map(({ id, label }) => (
          <option key={id} value={id}>
            {label}
          </option>
        ))}
      </datalist>
      <SelectField
        label="It answers"
        hint={byMode}
        value={value.policy}
        onChange={(event) => set({ policy: event.target.value as Policy })}
      >
        {policies.map(([policy, label]) => (
          <option key={policy} value={policy}>
            {label}
          </option>
        ))}
      </SelectField>
      {value.policy === 'every_n' && (
        <TextField
          label="Messages between its answers"
          type="number"
          min={1}
          max={1000}
          value={value.every}
          onChange={(event) => set({ every: Number(event.target.value) })}
        />
      )}
      <TextArea
        label="Instructions"
        placeholder="What you want of it, in your own words"
        maxLength={8000}
        value={value.instructions}
        onChange={(event) => set({ instructions: event.target.value })}
      />
    </div>
  );
}
