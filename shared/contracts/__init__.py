"""What each service promises the others; a diff here is visibly a public change."""
