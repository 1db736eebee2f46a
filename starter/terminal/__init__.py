"""What commands share: options, who acts, how answers look, how the script ends. As quick to load as they are."""
