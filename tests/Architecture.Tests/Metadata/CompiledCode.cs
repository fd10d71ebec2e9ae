using System.Collections.Immutable;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace CocoonPool.Architecture.Tests.Metadata;

/// <summary>Lists everything that the code of an assembly uses: in signatures, in locals and in every instruction of every method.</summary>
internal sealed class CompiledCode : IDisposable
{
    private readonly PEReader _file;
    private readonly MetadataReader _reader;

    private CompiledCode(string path)
    {
        _file = new PEReader(File.OpenRead(path));
        _reader = _file.GetMetadataReader();
    }

    public static ImmutableArray<Use> UsesOf(Assembly assembly)
    {
        using var code = new CompiledCode(assembly.Location);
        return [.. code._reader.TypeDefinitions.SelectMany(code.UsesOf)];
    }

    public void Dispose() => _file.Dispose();

    private List<Use> UsesOf(TypeDefinitionHandle handle)
    {
        var owner = TypeNames.Of(_reader, handle);
        var type = _reader.GetTypeDefinition(handle);
        var uses = new List<Use>();
        foreach (var field in type.GetFields().Select(_reader.GetFieldDefinition))
            AddTypes(uses, owner, _reader.GetString(field.Name), field.DecodeSignature(TypeNames.Instance, null));
        foreach (var method in type.GetMethods().Select(_reader.GetMethodDefinition))
        {
            var name = _reader.GetString(method.Name);
            AddTypes(uses, owner, name, TypeNames.All(method.DecodeSignature(TypeNames.Instance, null)));
            if (method.RelativeVirtualAddress != 0)
                AddBody(uses, owner, name, _file.GetMethodBody(method.RelativeVirtualAddress));
        }

        return uses;
    }

    private void AddBody(List<Use> uses, string owner, string member, MethodBodyBlock body)
    {
        if (!body.LocalSignature.IsNil)
        {
            foreach (var local in _reader.GetStandaloneSignature(body.LocalSignature).DecodeLocalSignature(TypeNames.Instance, null))
                AddTypes(uses, owner, member, local);
        }

        foreach (var (instruction, token) in Instructions.Read(body.GetILReader()))
        {
            uses.Add(new(owner, member, UseKind.Instruction, instruction.Name!));
            if (token is { } used)
                AddToken(uses, owner, member, used);
        }
    }

    private void AddToken(List<Use> uses, string owner, string member, EntityHandle token)
    {
        switch (token.Kind)
        {
            case HandleKind.MemberReference:
                var reference = _reader.GetMemberReference((MemberReferenceHandle)token);
                foreach (var declaring in TypesOf(reference.Parent))
                    uses.Add(new(owner, member, UseKind.Member, $"{declaring}.{_reader.GetString(reference.Name)}"));
                AddTypes(uses, owner, member, TypesOf(reference.Parent));
                AddTypes(uses, owner, member, reference.GetKind() == MemberReferenceKind.Method
                    ? TypeNames.All(reference.DecodeMethodSignature(TypeNames.Instance, null))
                    : reference.DecodeFieldSignature(TypeNames.Instance, null));
                break;
            case HandleKind.MethodSpecification:
                var specification = _reader.GetMethodSpecification((MethodSpecificationHandle)token);
                foreach (var argument in specification.DecodeSignature(TypeNames.Instance, null))
                    AddTypes(uses, owner, member, argument);
                AddToken(uses, owner, member, specification.Method);
                break;
            case HandleKind.TypeReference or HandleKind.TypeSpecification or HandleKind.TypeDefinition:
                AddTypes(uses, owner, member, TypesOf(token));
                break;
            default:
                // Members defined in this assembly are listed where they are defined.
                break;
        }
    }

    private ImmutableHashSet<string> TypesOf(EntityHandle handle) => handle.Kind switch
    {
        HandleKind.TypeReference => TypeNames.Instance.GetTypeFromReference(_reader, (TypeReferenceHandle)handle, 0),
        HandleKind.TypeDefinition => TypeNames.Instance.GetTypeFromDefinition(_reader, (TypeDefinitionHandle)handle, 0),
        HandleKind.TypeSpecification => TypeNames.Instance.GetTypeFromSpecification(_reader, null, (TypeSpecificationHandle)handle, 0),
        _ => [],
    };

    private static void AddTypes(List<Use> uses, string owner, string member, IEnumerable<string> types) =>
        uses.AddRange(types.Select(type => new Use(owner, member, UseKind.Type, type)));
}
