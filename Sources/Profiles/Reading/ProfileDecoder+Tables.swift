extension ProfileDecoder {
    mutating func readMapping(_ reader: WireReader, _ field: WireReader.Field) throws(ProfileError) {
        try field.requireBytes("mapping")
        var inner = reader.inside(field)
        var id: UInt64 = 0
        var file: UInt32 = 0
        while !inner.isAtEnd {
            let part = try inner.field()
            switch part.number {
            case 1: id = try part.requireVarint("mapping.id")
            case 2: _ = try part.requireVarint("mapping.memory_start")
            case 3: _ = try part.requireVarint("mapping.memory_limit")
            case 4: _ = try part.requireVarint("mapping.file_offset")
            case 5: file = try string(try part.requireInt64("mapping.filename"), "mapping.filename")
            case 6: _ = try string(try part.requireInt64("mapping.build_id"), "mapping.build_id")
            case 7...10: _ = try part.requireVarint("mapping.has_functions")
            default: break
            }
        }
        guard id != 0 else { throw .reservedID(.mapping) }
        guard mappingIDs.insert(id, UInt32(mappings.ids.count)) else { throw .duplicateID(.mapping, id: id) }
        mappings.ids.append(id)
        mappings.files.append(file)
    }

    mutating func readFunction(_ reader: WireReader, _ field: WireReader.Field) throws(ProfileError) {
        try field.requireBytes("function")
        var inner = reader.inside(field)
        var id: UInt64 = 0
        var name: UInt32 = 0
        var systemName: UInt32 = 0
        var file: UInt32 = 0
        var startLine: Int64 = 0
        while !inner.isAtEnd {
            let part = try inner.field()
            switch part.number {
            case 1: id = try part.requireVarint("function.id")
            case 2: name = try string(try part.requireInt64("function.name"), "function.name")
            case 3: systemName = try string(try part.requireInt64("function.system_name"), "function.system_name")
            case 4: file = try string(try part.requireInt64("function.filename"), "function.filename")
            case 5: startLine = try part.requireInt64("function.start_line")
            default: break
            }
        }
        guard id != 0 else { throw .reservedID(.function) }
        guard functionIDs.insert(id, UInt32(functions.ids.count)) else { throw .duplicateID(.function, id: id) }
        functions.ids.append(id)
        functions.names.append(name)
        functions.systemNames.append(systemName)
        functions.files.append(file)
        functions.startLines.append(startLine)
    }

    mutating func readLocation(_ reader: WireReader, _ field: WireReader.Field) throws(ProfileError) {
        try field.requireBytes("location")
        var inner = reader.inside(field)
        var id: UInt64 = 0
        var mapping: UInt64 = 0
        var address: UInt64 = 0
        let firstLine = lineFunctionIDs.count
        while !inner.isAtEnd {
            let part = try inner.field()
            switch part.number {
            case 1: id = try part.requireVarint("location.id")
            case 2: mapping = try part.requireVarint("location.mapping_id")
            case 3: address = try part.requireVarint("location.address")
            case 4: try readLine(inner, part)
            case 5: _ = try part.requireVarint("location.is_folded")
            default: break
            }
        }
        guard id != 0 else { throw .reservedID(.location) }
        guard locationIDs.insert(id, UInt32(locations.count)) else { throw .duplicateID(.location, id: id) }
        guard lineFunctionIDs.count - firstLine <= limits.linesPerLocation else {
            throw .limit(.linesPerLocation, allowed: limits.linesPerLocation)
        }
        locations.ids.append(id)
        locations.addresses.append(address)
        locationMappingIDs.append(mapping)
        locations.lineStarts.append(UInt32(lineFunctionIDs.count))
    }

    private mutating func readLine(_ reader: WireReader, _ field: WireReader.Field) throws(ProfileError) {
        try field.requireBytes("location.line")
        var inner = reader.inside(field)
        var function: UInt64 = 0
        var line: Int64 = 0
        while !inner.isAtEnd {
            let part = try inner.field()
            switch part.number {
            case 1: function = try part.requireVarint("line.function_id")
            case 2: line = try part.requireInt64("line.line")
            case 3: _ = try part.requireInt64("line.column")
            default: break
            }
        }
        lineFunctionIDs.append(function)
        locations.lineNumbers.append(line)
    }

    /// Turns the ids that locations mention into numbers, now that every table is complete.
    ///
    /// A location in an unknown mapping is one without a mapping, as the reference decoder has it; a line in an
    /// unknown function is an error.
    mutating func resolveLocations() throws(ProfileError) {
        locations.mappings.reserveCapacity(locations.count)
        locations.lineFunctions.reserveCapacity(lineFunctionIDs.count)
        for location in 0..<locations.count {
            locations.mappings.append(mappingIDs.find(locationMappingIDs[location]))
            for line in locations.lines(location) {
                let function = functionIDs.find(lineFunctionIDs[line])
                guard function != IDTable.missing else {
                    throw .unknownFunction(location: locations.ids[location], id: lineFunctionIDs[line])
                }
                locations.lineFunctions.append(function)
            }
        }
    }
}
