// The one function of a package that comes without declarations: crypt(3) of the Seventh Edition, by DES.
declare module 'unix-crypt-td-js' {
  function unixCrypt(password: string, salt: string): string
  export = unixCrypt
}
