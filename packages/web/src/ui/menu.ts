/** How menus look, wherever they are. */
export const menuContent = 'z-50 min-w-44 rounded-xl border border-line bg-raised p-1 shadow-xl animate-none';
export const menuItem =
  'flex cursor-pointer items-center gap-2 rounded-lg px-2.5 py-1.5 outline-none data-disabled:opacity-40 data-highlighted:bg-tint';
