/** Vite puts styles into the page; to the code they are nothing. */
declare module '*.css'
