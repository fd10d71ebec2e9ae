using System.Buffers.Binary;
using System.Text;

namespace CocoonPool.Engine.Local;

/// <summary>The key columns of a grain's state in OrleansStorage, as the ADO.NET provider of Orleans computes them.</summary>
/// <param name="IdHash">Hash of the key.</param>
/// <param name="N0">The first half of a GUID key, else 0.</param>
/// <param name="N1">The second half of a GUID key, an integer key, else 0.</param>
/// <param name="TypeHash">Hash of <paramref name="TypeString"/>.</param>
/// <param name="TypeString">The state's name: the grain's type is not part of the key.</param>
/// <param name="Extension">A string key, or what follows the plus sign of a compound one.</param>
public readonly record struct StorageKey(int IdHash, long N0, long N1, int TypeHash, string TypeString, string? Extension)
{
    /// <summary>
    /// The columns for one state. Keys are told apart by their looks alone, GUID before integer before string, so the
    /// string key "beef" is stored as the integer 0xBEEF; whoever reads it back computes the same.
    /// </summary>
    public static StorageKey Of(string stateName, GrainId grainId)
    {
        long n0 = 0, n1 = 0;
        byte[] bytes;
        string? extension;
        if (grainId.TryGetGuid(out var guid, out extension))
        {
            bytes = guid.ToByteArray();
            n0 = BinaryPrimitives.ReadInt64LittleEndian(bytes);
            n1 = BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(sizeof(long)));
        }
        else if (grainId.TryGetInteger(out n1, out extension))
        {
            bytes = new byte[sizeof(long)];
            BinaryPrimitives.WriteInt64LittleEndian(bytes, n1);
        }
        else
        {
            n1 = 0;
            bytes = [];
            extension = grainId.Key;
        }

        if (extension is not null) bytes = [.. bytes, .. Encoding.UTF8.GetBytes(extension)];
        Array.Reverse(bytes);
        return new StorageKey((int)StableHash.Compute(bytes), n0, n1, (int)StableHash.Compute(Encoding.UTF8.GetBytes(stateName)), stateName, extension);
    }
}
