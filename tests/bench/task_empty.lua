return { task = function() end }
