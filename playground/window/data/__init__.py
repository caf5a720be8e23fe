"""The room where data are looked at, chosen and prepared. Its parts are made when they are shown first."""
