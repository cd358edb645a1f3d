import { Check, Copy } from 'lucide-react';
import { memo, type ReactNode, useRef, useState } from 'react';
import ReactMarkdown, { type Components } from 'react-markdown';
import remarkGfm from 'remark-gfm';
import { IconButton } from '../ui/icon-button.tsx';

const plugins = [remarkGfm];

/** What somebody wrote, as Markdown: HTML is shown as text, nothing is loaded from elsewhere, links only to the web and to mail. */
export const Markdown = memo(function Markdown({ text }: { text: string }) {
  return (
    <div className="prose-chat">
      <ReactMarkdown remarkPlugins={plugins} urlTransform={safeUrl} components={components}>
        {text}
      </ReactMarkdown>
    </div>
  );
});

const components: Components = {
  a: ({ href, children }) => <Outside href={href}>{children}</Outside>,
  // A picture would tell its server who looks at it, and when.
  img: ({ src, alt }) => (
    <Outside href={typeof src === 'string' ? src : undefined}>{alt || 'Picture'}</Outside>
  ),
  pre: ({ children }) => <CodeBlock>{children}</CodeBlock>,
};

function Outside({ href, children }: { href: string | undefined; children: ReactNode }) {
  if (!href) return <span>{children}</span>;
  return (
    <a href={href} target="_blank" rel="noopener noreferrer nofollow">
      {children}
    </a>
  );
}

function safeUrl(url: string): string {
  return /^(https?:|mailto:)/i.test(url) ? url : '';
}

function CodeBlock({ children }: { children: ReactNode }) {
  const block = useRef<HTMLPreElement>(null);
  const [copied, setCopied] = useState(false);
  async function copy() {
    await navigator.clipboard.writeText(block.current?.textContent ?? '');
    setCopied(true);
    setTimeout(() => setCopied(false), 1_500);
  }
  return (
    <div className="group/code relative">
      <pre
        ref={block}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        className="overflow-x-auto rounded-lg border border-line bg-paper p-3 font-mono text-sm"
      >
        {children}
      </pre>
      <IconButton
        icon={copied ? Check : Copy}
        label={copied ? 'Copied' : 'Copy code'}
        small
        className="absolute top-1.5 right-1.5 bg-raised"
        onClick={() => void copy()}
      />
    </div>
  );
}
