// The text of an amount and the digits behind it, in dollars (two decimals) and riel (none).
(function () {
  'use strict';
  const Pos = (window.Pos = window.Pos || {});
  const DECIMALS = { USD: 2, KHR: 0 };
  const SIGNS = { USD: '$', KHR: '៛' };

  Pos.amountText = {
    // "350" is "3.50" in dollars and "350" in riel; no digits, no text.
    shaped: function (digits, currency) {
      const plain = digits.replace(/^0+/, '');
      const places = DECIMALS[currency];
      if (!plain || !places) {
        return plain;
      }
      const padded = plain.padStart(places + 1, '0');
      return padded.slice(0, -places) + '.' + padded.slice(-places);
    },

    // The digits behind a text; null when it is not an amount in this currency.
    digits: function (text, currency) {
      const parts = /^(\d*)(?:\.(\d*))?$/.exec(text.trim());
      if (!parts || (parts[2] || '').length > DECIMALS[currency]) {
        return null;
      }
      const fraction = (parts[2] || '').padEnd(DECIMALS[currency], '0');
      return (parts[1] + fraction).replace(/^0+/, '');
    },

    zero: function (currency) {
      return DECIMALS[currency] ? '0.00' : '0';
    },

    // "15000" is "៛15,000", and "15070" is "៛15,070 → ៛15,100": riel go by hundreds, fifty being the
    // customer's, as the server rounds them. "" where there is nothing to say.
    grouped: function (text, currency) {
      const parts = /^(\d{1,15})(\.\d+)?$/.exec(text.trim());
      if (!parts) {
        return '';
      }
      const grouped = withCommas(parts[1], currency) + (parts[2] || '');
      const near = currency === 'KHR' && !parts[2] ? Math.floor((Number(parts[1]) + 49) / 100) * 100 : 0;
      if (near && near !== Number(parts[1])) {
        return grouped + ' → ' + withCommas(String(near), currency);
      }
      return parts[1].length > 3 ? grouped : '';
    },
  };

  function withCommas(digits, currency) {
    return SIGNS[currency] + digits.replace(/\B(?=(\d{3})+$)/g, ',');
  }
})();
