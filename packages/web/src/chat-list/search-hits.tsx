import type { SearchResponse } from '@parley/client';
import { useEffect, useState } from 'react';
import { useSignedIn } from '../app/account.tsx';
import { Link } from '../app/router.tsx';
import { listTime } from '../ui/times.ts';
import { Waiting } from '../ui/waiting.tsx';

/** Messages that contain the words, a moment after the last keystroke. */
export function SearchHits({ words }: { words: string }) {
  const { parley } = useSignedIn();
  const [hits, setHits] = useState<SearchResponse['hits']>();

  useEffect(() => {
    let stale = false;
    const timer = setTimeout(() => {
      parley.search(words.trim().slice(0, 200)).then(
        (found) => !stale && setHits(found),
        () => !stale && setHits([]),
      );
    }, 200);
    return () => {
      stale = true;
      clearTimeout(timer);
    };
  }, [parley, words]);

  if (hits === undefined) return <Waiting label="Searching …" />;
  return (
    <div role="status">
      {hits.length === 0 && <p className="px-4 py-10 text-center text-soft">Nothing was found.</p>}
      <ul>
        {hits.map((hit) => (
          <li key={hit.messageId}>
            <Link
              href={`/chats/${hit.chatId}#${hit.messageId}`}
              className="block rounded-xl px-3 py-2 hover:bg-surface"
            >
              <span className="flex items-baseline gap-2">
                <span className="flex-1 truncate text-sm font-medium">{hit.chatTitle}</span>
                <time dateTime={hit.at} className="text-xs text-soft">
                  {listTime(hit.at)}
                </time>
              </span>
              <span className="line-clamp-2 text-sm text-soft">{marked(hit.excerpt)}</span>
            </Link>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** The excerpt with its found words marked; they stand between two control characters. */
function marked(excerpt: string) {
  return excerpt.split('\u0002').map((part, index) => {
    const [found, rest] = index === 0 ? [undefined, part] : part.split('\u0003', 2);
    // The parts of a fixed text never change places.
    return (
      // biome-ignore lint/suspicious/noArrayIndexKey: see above
      <span key={index}>
        {found && <mark className="rounded bg-tint text-accent">{found}</mark>}
        {rest}
      </span>
    );
  });
}
