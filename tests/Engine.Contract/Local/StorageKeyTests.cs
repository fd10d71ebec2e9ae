using System.Text;

namespace CocoonPool.Engine.Contract;

/// <summary>Golden vectors: the numbers were computed by Orleans itself and must never change.</summary>
public sealed class StorageKeyTests
{
    [Theory]
    [InlineData("", 90033154)]
    [InlineData("a", 1450446165)]
    [InlineData("account", -201589510)]
    [InlineData("0123456789abcdef", 1767621826)]
    [InlineData("The quick brown fox jumps over the lazy dog", -559653144)]
    public void StableHash_IsThatOfOrleans(string text, int hash) => ((int)StableHash.Compute(Encoding.UTF8.GetBytes(text))).ShouldBe(hash);

    [Theory]
    [InlineData("worker-1", -1233023917, 0, 0, "worker-1", -506342667)]
    [InlineData("beef", -1725267504, 0, 48879, null, 1678528142)]
    [InlineData("BEEF", -1725267504, 0, 48879, null, -142920703)]
    [InlineData("0", 328578014, 0, 0, null, -507046557)]
    [InlineData("-1", -1352011713, 0, 0, "-1", 937278270)]
    [InlineData("7FFFFFFFFFFFFFFF", 1504541853, 0, long.MaxValue, null, 1298543860)]
    [InlineData("FFFFFFFFFFFFFFFF", -641301823, 0, -1, null, -694070971)]
    [InlineData("1+ext", 15429986, 0, 1, "ext", -337781751)]
    [InlineData("a+b", -493833765, 0, 10, "b", 1744494903)]
    [InlineData("+x", 171272240, 0, 0, "+x", -1692610283)]
    [InlineData("0x10", -2069287482, 0, 0, "0x10", -1721707850)]
    [InlineData("10 ", 609521182, 0, 0, "10 ", -1341403918)]
    [InlineData("12345678901234567", -961997423, 0, 0, "12345678901234567", 737643745)]
    [InlineData("0123456789abcdef0123456789abcdef", 226093389, -3607513408948976281, -1167088121787636991, null, 1611159814)]
    [InlineData("0123456789abcdef0123456789abcdef+x", 48830537, -3607513408948976281, -1167088121787636991, "x", -545436568)]
    [InlineData("żółw", 1011178443, 0, 0, "żółw", -1453465254)]
    [InlineData("participant/17", -2044655069, 0, 0, "participant/17", 1356306672)]
    public void Key_IsThatOfOrleans(string key, int idHash, long n0, long n1, string? extension, int ringHash)
    {
        var grain = GrainId.Create("worker", key);

        StorageKey.Of("account", grain).ShouldBe(new StorageKey(idHash, n0, n1, -201589510, "account", extension));
        ((int)grain.GetUniformHashCode()).ShouldBe(ringHash);
        GrainId.Parse(grain.ToString()).ShouldBe(grain);
    }
}
