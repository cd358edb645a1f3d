/** Something is being fetched. */
export function Waiting({ label = 'Loading …' }: { label?: string }) {
  return (
    <div role="status" className="m-auto flex h-full items-center justify-center p-8 text-soft">
      <span className="size-5 animate-spin rounded-full border-2 border-line border-t-accent" />
      <span className="sr-only">{label}</span>
    </div>
  );
}
