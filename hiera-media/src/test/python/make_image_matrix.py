"""Writes small images of every mode and sub-format into a folder, with Pillow 12.3, tifffile and imagecodecs.

Usage: make_image_matrix.py TARGET_FOLDER. The digests in src/test/resources/image_matrix.json are of the RGB bytes that
Pillow shows: exif_transpose(open(file)).convert("RGB"), 16-bit grey rounded to 8 bits, (v + 128) // 257.
"""
import io, os, struct, sys, zlib, json
import numpy as np, warnings
warnings.simplefilter('ignore')
from PIL import Image, ImageOps
import tifffile, imagecodecs
out=sys.argv[1]; os.makedirs(out,exist_ok=True)
W,H=37,26
yy,xx=np.mgrid[0:H,0:W]
rgb=np.stack([(xx*255//(W-1)),(yy*255//(H-1)),((xx*7+yy*13)%256)],-1).astype(np.uint8)
rgb[3:9,5:14]=[250,10,30]; rgb[12:20,18:28]=[10,220,90]
alpha=((xx*5+yy*9)%256).astype(np.uint8)
im=Image.fromarray(rgb); grey=im.convert('L'); g=np.asarray(grey)
rgba=np.dstack([rgb,alpha])
n16=((xx*2113+yy*977)%65536).astype(np.uint16)
rgb16=np.stack([(xx*65535//(W-1)),(yy*65535//(H-1)),n16],-1).astype(np.uint16)
def put(name,b):
    open(f'{out}/{name}','wb').write(b)
def save(name,img,**k):
    try: img.save(f'{out}/{name}',**k)
    except Exception as e: print('cannot',name,e)
# ---------- PNG
def chunk(t,d): return struct.pack('>I',len(d))+t+d+struct.pack('>I',zlib.crc32(t+d))
PASSES=[(0,0,8,8),(4,0,8,8),(0,4,4,8),(2,0,4,4),(0,2,2,4),(1,0,2,2),(0,1,1,2)]
def rows(a,depth):
    for r in a:
        if depth==16: yield r.astype('>u2').tobytes()
        elif depth==8: yield r.astype(np.uint8).tobytes()
        else:
            per=8//depth; v=list(r.reshape(-1)); v+=[0]*(-len(v)%per); o=bytearray()
            for i in range(0,len(v),per):
                x=0
                for j in range(per): x=(x<<depth)|int(v[i+j])
                o.append(x)
            yield bytes(o)
def png(name,a,depth,ctype,inter=0,extra=b'',filt=0):
    raw=b''
    for (x0,y0,dx,dy) in (PASSES if inter else [(0,0,1,1)]):
        s=a[y0::dy,x0::dx]
        if s.size:
            for r in rows(s,depth): raw+=b'\0'+r
    put(name,b'\x89PNG\r\n\x1a\n'+chunk(b'IHDR',struct.pack('>IIBBBBB',a.shape[1],a.shape[0],depth,ctype,0,0,inter))+extra+chunk(b'IDAT',zlib.compress(raw))+chunk(b'IEND',b''))
pal=bytes((i*37+c*101)%256 for i in range(256) for c in range(3))
for inter in (0,1):
    t='_i' if inter else ''
    for d in (1,2,4,8):
        gi=(g.astype(int)>>(8-d))
        png(f'png_g{d}{t}.png',gi,d,0,inter); png(f'png_g{d}_trns{t}.png',gi,d,0,inter,chunk(b'tRNS',struct.pack('>H',1)))
        pi=((xx+3*yy)%(1<<d))
        png(f'png_p{d}{t}.png',pi,d,3,inter,chunk(b'PLTE',pal[:3<<d])); png(f'png_p{d}_trns{t}.png',pi,d,3,inter,chunk(b'PLTE',pal[:3<<d])+chunk(b'tRNS',bytes([0,128])))
    png(f'png_p8_short{t}.png',(xx+yy)%40,8,3,inter,chunk(b'PLTE',pal[:3*30]))
    png(f'png_g16{t}.png',n16,16,0,inter); png(f'png_g16_trns{t}.png',n16,16,0,inter,chunk(b'tRNS',struct.pack('>H',int(n16[4,4]))))
    png(f'png_rgb8{t}.png',rgb,8,2,inter); png(f'png_rgb8_trns{t}.png',rgb,8,2,inter,chunk(b'tRNS',struct.pack('>3H',250,10,30)))
    png(f'png_rgb16{t}.png',rgb16,16,2,inter); png(f'png_rgb16_trns{t}.png',rgb16,16,2,inter,chunk(b'tRNS',struct.pack('>3H',0,0,0)))
    png(f'png_la8{t}.png',np.dstack([g,alpha]),8,4,inter); png(f'png_la16{t}.png',np.dstack([n16,rgb16[...,0]]),16,4,inter)
    png(f'png_rgba8{t}.png',rgba,8,6,inter); png(f'png_rgba16{t}.png',np.dstack([rgb16,n16]),16,6,inter)
png('png_gama.png',rgb,8,2,extra=chunk(b'gAMA',struct.pack('>I',100000)))
png('png_srgb_chrm.png',rgb,8,2,extra=chunk(b'sRGB',b'\0')+chunk(b'cHRM',struct.pack('>8I',31270,32900,64000,33000,30000,60000,15000,6000)))
png('png_sbit.png',rgb,8,2,extra=chunk(b'sBIT',b'\5\6\5')); png('png_sbit_g.png',g.astype(int)>>4,4,0,extra=chunk(b'sBIT',b'\3'))
png('png_bkgd.png',rgba,8,6,extra=chunk(b'bKGD',struct.pack('>3H',10,20,30))); png('png_p8_bkgd.png',(xx+yy)%40,8,3,extra=chunk(b'PLTE',pal[:120])+chunk(b'tRNS',bytes([0]*5))+chunk(b'bKGD',b'\3'))
png('png_rgb_plte.png',rgb,8,2,extra=chunk(b'PLTE',pal[:120])); png('png_cicp.png',rgb,8,2,extra=chunk(b'cICP',bytes([9,16,0,1])))
png('png_g16_gama.png',n16,16,0,extra=chunk(b'gAMA',struct.pack('>I',100000)))
png('png_1x1.png',rgb[:1,:1],8,2,1); png('png_5x3_g1_i.png',g[:3,:5].astype(int)>>7,1,0,1)
from PIL import ImageCms
icc=ImageCms.ImageCmsProfile(ImageCms.createProfile('LAB')).tobytes()
save('png_icc.png',im,icc_profile=icc)
save('png_apng.png',im,save_all=True,append_images=[ImageOps.mirror(im)],duration=100)
save('png_apng_default.png',im,save_all=True,append_images=[ImageOps.mirror(im)],duration=100,default_image=True)
# exif of all sorts
def exif(o,order='II'):
    e=struct.pack('>' if order=='MM' else '<','') if 0 else b''
    f='<' if order=='II' else '>'
    return order.encode()+struct.pack(f+'HI',42,8)+struct.pack(f+'H',1)+struct.pack(f+'HHIHH',274,3,1,o,0)+struct.pack(f+'I',0)
for o in (2,5,6,7): png(f'png_exif{o}.png',rgb,8,2,extra=chunk(b'eXIf',exif(o,'MM' if o&1 else 'II')))
# ---------- BMP
def bmpfile(hdr,palb,data):
    off=14+len(hdr)+len(palb)
    return b'BM'+struct.pack('<IHHI',off+len(data),0,0,off)+hdr+palb+data
def info(bits,comp=0,w=W,h=H,colors=0,size=40,masks=(),datalen=0):
    b=struct.pack('<IiiHHIIiiII',size,w,h,1,bits,comp,datalen,2835,2835,colors,0)
    return b
def stride(rowsb): return b''.join(r+b'\0'*(-len(r)%4) for r in rowsb)
up=lambda a:a[::-1]
def packed(a,bits): return stride(rows(a,bits))
bpal=lambda n:b''.join(bytes([pal[3*i+2],pal[3*i+1],pal[3*i],0]) for i in range(n))
for d in (1,4,8):
    p=((xx+3*yy)%(1<<d))
    put(f'bmp_p{d}.bmp',bmpfile(info(d),bpal(1<<d),packed(up(p),d)))
    put(f'bmp_p{d}_top.bmp',bmpfile(info(d,h=-H),bpal(1<<d),packed(p,d)))
    core=struct.pack('<IHHHH',12,W,H,1,d)
    put(f'bmp_os2_p{d}.bmp',bmpfile(core,pal[:0]+b''.join(bytes([pal[3*i+2],pal[3*i+1],pal[3*i]]) for i in range(1<<d)),packed(up(p),d)))
put('bmp_p8_40.bmp',bmpfile(info(8,colors=40),bpal(40),packed(up((xx+yy)%40),8)))
put('bmp_p4_10.bmp',bmpfile(info(4,colors=10),bpal(10),packed(up((xx+yy)%10),4)))
greypal=b''.join(bytes([i,i,i,0]) for i in range(256))
put('bmp_g8.bmp',bmpfile(info(8),greypal,packed(up(g),8)))
put('bmp_p1_inv.bmp',bmpfile(info(1),b'\xff\xff\xff\0\0\0\0\0',packed(up(g.astype(int)>>7),1)))
bgr=rgb[...,::-1]
put('bmp_24.bmp',bmpfile(info(24),b'',packed(up(bgr),8))); put('bmp_24_top.bmp',bmpfile(info(24,h=-H),b'',packed(bgr,8)))
put('bmp_os2_24.bmp',bmpfile(struct.pack('<IHHHH',12,W,H,1,24),b'',packed(up(bgr),8)))
put('bmp_24_pal.bmp',bmpfile(info(24,colors=16),bpal(16),packed(up(bgr),8)))
put('bmp_32.bmp',bmpfile(info(32),b'',packed(up(np.dstack([bgr,alpha])),8)))
put('bmp_32_zero.bmp',bmpfile(info(32),b'',packed(up(np.dstack([bgr,alpha*0])),8)))
def v16(r,gg,b): 
    q=rgb.astype(np.uint32); R,G,B=q[...,0],q[...,1],q[...,2]
    return (((R>>3)<<r)|((G>>(8-gg[1]))<<gg[0])|((B>>3)<<b)).astype('<u2')
r555=v16(10,(5,5),0); r565=v16(11,(5,6),0)
le16=lambda a: stride(r.astype('<u2').tobytes() for r in a)
put('bmp_555.bmp',bmpfile(info(16),b'',le16(up(r555)))); put('bmp_555_top.bmp',bmpfile(info(16,h=-H),b'',le16(r555)))
m3=lambda *m: struct.pack('<%dI'%len(m),*m)
put('bmp_565.bmp',bmpfile(info(16,3)+m3(0xf800,0x7e0,0x1f),b'',le16(up(r565)))); put('bmp_555bf.bmp',bmpfile(info(16,3)+m3(0x7c00,0x3e0,0x1f),b'',le16(up(r555))))
put('bmp_565_top.bmp',bmpfile(info(16,3,h=-H)+m3(0xf800,0x7e0,0x1f),b'',le16(r565)))
put('bmp_bgr565.bmp',bmpfile(info(16,3)+m3(0x1f,0x7e0,0xf800),b'',le16(up(r565))))
put('bmp_4444.bmp',bmpfile(info(16,3)+m3(0xf00,0xf0,0xf),b'',le16(up(r565))))
def v5(bits,comp,masks,size=124,h=H):
    b=struct.pack('<IiiHHIIiiII',size,W,h,1,bits,comp,0,2835,2835,0,0)+m3(*masks)
    return b+b'\0'*(size-len(b))
q=rgb.astype(np.uint32); R,G,B,A=q[...,0],q[...,1],q[...,2],alpha.astype(np.uint32)
le32=lambda a: b''.join(r.astype('<u4').tobytes() for r in a)
layouts={'bgra':(0xff0000,0xff00,0xff,0xff000000),'bgrx':(0xff0000,0xff00,0xff,0),'rgba':(0xff,0xff00,0xff0000,0xff000000),'abgr':(0xff000000,0xff0000,0xff00,0xff),'argb':(0xff00,0xff0000,0xff000000,0xff),'rgbx':(0xff,0xff00,0xff0000,0),'xbgr':(0xff000000,0xff0000,0xff00,0),'odd10':(0x3ff00000,0xffc00,0x3ff,0)}
sh=lambda m:(m&-m).bit_length()-1
for n,m in layouts.items():
    v=np.zeros((H,W),np.uint64)
    for c,mm in zip((R,G,B,A),m):
        if mm: v|=(c.astype(np.uint64)<<np.uint64(sh(mm)))&np.uint64(mm)
    v=v.astype(np.uint32)
    put(f'bmp_v5_{n}.bmp',bmpfile(v5(32,3,m),b'',le32(up(v)))); put(f'bmp_v4_{n}.bmp',bmpfile(v5(32,3,m,108),b'',le32(up(v))))
    put(f'bmp_bf_{n}.bmp',bmpfile(info(32,3)+m3(*m[:3]),b'',le32(up(v)))); put(f'bmp_v3_{n}.bmp',bmpfile(v5(32,3,m,56),b'',le32(up(v))))
    put(f'bmp_v2_{n}.bmp',bmpfile(v5(32,3,m[:3],52),b'',le32(up(v)))); 
    put(f'bmp_v5_{n}_rgb.bmp',bmpfile(v5(32,0,m),b'',le32(up(v))))
put('bmp_abf.bmp',bmpfile(info(32,6)+m3(*layouts['bgra']),b'',le32(up(np.asarray((A<<24)|(R<<16)|(G<<8)|B,dtype=np.uint32)))))
put('bmp_v5_24.bmp',bmpfile(v5(24,0,(0,0,0,0)),b'',packed(up(bgr),8))); put('bmp_v5_565.bmp',bmpfile(v5(16,3,(0xf800,0x7e0,0x1f,0)),b'',le16(up(r565))))
put('bmp_v4_p8.bmp',bmpfile(v5(8,0,(0,0,0,0),108),bpal(256),packed(up((xx+yy)%256),8)))
put('bmp_os22_24.bmp',bmpfile(info(24,size=64)+b'\0'*24,b'',packed(up(bgr),8))); put('bmp_os22_p8.bmp',bmpfile(info(8,size=64)+b'\0'*24,bpal(256),packed(up((xx+yy)%256),8)))
put('bmp_os22_16.bmp',bmpfile(struct.pack('<IiiHH',16,W,H,1,24),b'',packed(up(bgr),8)))
def rle8(a):
    o=b''
    for r in a:
        i=0; r=[int(v) for v in r]
        while i<len(r):
            j=i
            while j<len(r) and r[j]==r[i] and j-i<255: j+=1
            o+=bytes([j-i,r[i]]); i=j
        o+=b'\0\0'
    return o+b'\0\1'
p8=(xx//5+yy//4)%50
put('bmp_rle8.bmp',bmpfile(info(8,1,colors=64),bpal(64),rle8(up(p8))))
absr=b''.join(b'\0'+bytes([W])+bytes(int(v) for v in r)+(b'\0' if W&1 else b'')+b'\0\0' for r in up((xx+yy)%60))+b'\0\1'
put('bmp_rle8_abs.bmp',bmpfile(info(8,1,colors=64),bpal(64),absr))
put('bmp_rle8_delta.bmp',bmpfile(info(8,1,colors=64),bpal(64),b'\x05\x07\0\2\3\2\x04\x09\0\0\x06\x0b\0\1'))
def rle4(a):
    o=b''
    for r in a:
        i=0; r=[int(v) for v in r]
        while i<len(r):
            n=min(6,len(r)-i); o+=bytes([n,(r[i]<<4)|r[min(i+1,len(r)-1)]]); i+=n
        o+=b'\0\0'
    return o+b'\0\1'
p4=((xx//6*3+(xx%2)+yy//3)%16); 
put('bmp_rle4.bmp',bmpfile(info(4,2,colors=16),bpal(16),rle4(up(p4))))
def rle4abs(a):
    o=b''
    for r in a:
        v=[int(x) for x in r]; n=len(v); vv=v+[0]*(n&1); bb=bytes((vv[i]<<4)|vv[i+1] for i in range(0,len(vv),2))
        o+=b'\0'+bytes([n])+bb+(b'\0' if len(bb)&1 else b'')+b'\0\0'
    return o+b'\0\1'
put('bmp_rle4_abs.bmp',bmpfile(info(4,2,colors=16),bpal(16),rle4abs(up((xx+yy)%16))))
put('bmp_jpeg.bmp',bmpfile(info(24,4),b'',b'\xff\xd8\xff'))
# ---------- JPEG
for s,n in ((0,'444'),(1,'422'),(2,'420')):
    for pr in (0,1):
        save(f'jpg_{n}{"_p" if pr else ""}.jpg',im,quality=85,subsampling=s,progressive=bool(pr)); 
big=Image.fromarray(np.kron(rgb,np.ones((5,7,1),np.uint8))[:127,:251])
for s,n in ((0,'444'),(1,'422'),(2,'420')): save(f'jpg_big_{n}.jpg',big,quality=60,subsampling=s)
save('jpg_grey.jpg',grey,quality=80); save('jpg_grey_p.jpg',grey,quality=80,progressive=True)
save('jpg_rgbkeep.jpg',im,quality=90,keep_rgb=True); save('jpg_cmyk.jpg',im.convert('CMYK'),quality=90); save('jpg_cmyk_p.jpg',im.convert('CMYK'),quality=90,progressive=True)
save('jpg_restart.jpg',im,quality=85,restart_marker_blocks=2); save('jpg_q1.jpg',im,quality=1); save('jpg_q100.jpg',im,quality=100)
save('jpg_icc.jpg',im,icc_profile=icc); 
for o in range(0,10): save(f'jpg_exif{o}.jpg',im,quality=90,exif=b'Exif\0\0'+exif(o,'MM' if o&1 else 'II'))
def adobe(name,src,transform,drop_jfif=True,existing=False):
    b=open(f'{out}/{src}','rb').read(); i=2; o=b[:2]
    while b[i+1]!=0xda:
        n=struct.unpack('>H',b[i+2:i+4])[0]
        if not (b[i+1]==0xee or (drop_jfif and b[i+1]==0xe0)): o+=b[i:i+2+n]
        i+=2+n
    mk=b'' if transform is None else b'\xff\xee'+struct.pack('>H',14)+b'Adobe\0\x64\0\0\0\0'+bytes([transform])
    put(name,o[:2]+mk+o[2:]+b[i:])
adobe('jpg_adobe0.jpg','jpg_444.jpg',0); adobe('jpg_adobe1.jpg','jpg_444.jpg',1); adobe('jpg_adobe2.jpg','jpg_444.jpg',2); adobe('jpg_bare.jpg','jpg_420.jpg',None); adobe('jpg_jfif_adobe0.jpg','jpg_444.jpg',0,False)
adobe('jpg_cmyk_noadobe.jpg','jpg_cmyk.jpg',None); adobe('jpg_ycck_marked.jpg','jpg_cmyk.jpg',2); adobe('jpg_cmyk_t1.jpg','jpg_cmyk.jpg',1)
try:
    for ss in ((1,1),(2,1),(2,2),(1,2),(4,1),(4,2)):
        try: put('jpg_ic_%d%d.jpg'%ss, imagecodecs.jpeg8_encode(rgb,level=90,subsampling={(1,1):'444',(2,1):'422',(2,2):'420',(1,2):'440',(4,1):'411',(4,2):'410'}[ss]))
        except Exception as e: print(ss,e)
    ck=np.dstack([255-rgb,alpha//2])
    put('jpg_ic_cmyk.jpg',imagecodecs.jpeg8_encode(ck,level=90,colorspace='CMYK',outcolorspace='CMYK'))
    put('jpg_ic_ycck.jpg',imagecodecs.jpeg8_encode(ck,level=90,colorspace='CMYK',outcolorspace='YCCK'))
    put('jpg_ic_ycck420.jpg',imagecodecs.jpeg8_encode(ck,level=90,colorspace='CMYK',outcolorspace='YCCK',subsampling=(2,2)))
    put('jpg_ic_rgb.jpg',imagecodecs.jpeg8_encode(rgb,level=90,colorspace='RGB',outcolorspace='RGB'))
    put('jpg_lossless.jpg',imagecodecs.jpeg8_encode(rgb,lossless=True))
except Exception as e: print('ic jpeg',e)
try: put('jpg_12.jpg',imagecodecs.jpeg8_encode((rgb16>>4),level=90,bitspersample=12))
except Exception as e: print('j12',e)
def ids(name,src,new):
    b=bytearray(open(f'{out}/{src}','rb').read()); i=2
    while True:
        m=b[i+1]; n=struct.unpack('>H',b[i+2:i+4])[0]
        if m in(0xc0,0xc2):
            for k in range(3): b[i+10+3*k]=new[k]
        if m==0xda:
            for k in range(3): b[i+5+2*k]=new[k]
            break
        i+=2+n
    put(name,bytes(b))
ids('jpg_ids_RGB.jpg','jpg_bare.jpg',b'RGB'); ids('jpg_ids_012.jpg','jpg_bare.jpg',b'\0\1\2'); ids('jpg_ids_odd.jpg','jpg_bare.jpg',b'abc'); ids('jpg_jfif_ids_RGB.jpg','jpg_444.jpg',b'RGB')
try: save('jpg_mpo.jpg',im,format='MPO',save_all=True,append_images=[ImageOps.mirror(im)])
except Exception as e: print(e)
# ---------- GIF
for n in (2,3,16,200,256): save(f'gif_p{n}.gif',im.quantize(n))
save('gif_grey.gif',grey); save('gif_inter.gif',im.quantize(64),interlace=1); save('gif_nointer.gif',im.quantize(64),interlace=0)
save('gif_trans.gif',im.quantize(32),transparency=5); save('gif_anim.gif',im.quantize(64),save_all=True,append_images=[ImageOps.mirror(im).quantize(64)],duration=100,disposal=2)
save('gif_rgba.gif',Image.fromarray(rgba)); save('gif_1.gif',im.convert('1'))
# ---------- WebP
I=Image.fromarray(rgba)
save('webp_lossy.webp',im,quality=70); save('webp_lossy_big.webp',big,quality=40); save('webp_ll.webp',im,lossless=True); save('webp_rgba.webp',I,quality=70); save('webp_rgba_ll.webp',I,lossless=True); save('webp_rgba_exact.webp',I,lossless=True,exact=True); save('webp_grey.webp',grey,quality=60)
save('webp_anim.webp',im,save_all=True,append_images=[ImageOps.mirror(im)],duration=100); save('webp_anim_rgba.webp',I,save_all=True,append_images=[ImageOps.mirror(I)],duration=100,lossless=True); save('webp_icc.webp',im,icc_profile=icc)
save('webp_anim_bg.webp',I,save_all=True,append_images=[ImageOps.mirror(I)],duration=100,background=(9,200,60,255))
for o in (1,5,6): save(f'webp_exif{o}.webp',im,lossless=True,exif=b'Exif\0\0'+exif(o)); 
save('webp_anim_exif6.webp',im,save_all=True,append_images=[ImageOps.mirror(im)],exif=exif(6),lossless=True)
# animated, first frame smaller than canvas
def riff(chs): 
    d=b'WEBP'+b''.join(t+struct.pack('<I',len(x))+x+(b'\0' if len(x)&1 else b'') for t,x in chs); return b'RIFF'+struct.pack('<I',len(d))+d
def vp8l(arr):
    b=io.BytesIO(); Image.fromarray(arr).save(b,'WEBP',lossless=True,exact=True); b=b.getvalue(); return b[12:20+struct.unpack('<I',b[16:20])[0]+(struct.unpack('<I',b[16:20])[0]&1)]
sub=rgba[4:20,6:30]
fr=vp8l(sub)
u24=lambda v: struct.pack('<I',v)[:3]
for bg in (0,0xff2080c0):
  for flags in (0,2):
    anmf=u24(6//2*1)+u24(4//2)+u24(sub.shape[1]-1)+u24(sub.shape[0]-1)+u24(100)+bytes([flags])+fr
    put(f'webp_anim_off_{bg:x}_{flags}.webp',riff([(b'VP8X',bytes([0x12,0,0,0])+u24(W-1)+u24(H-1)),(b'ANIM',struct.pack('<IH',bg,0)),(b'ANMF',anmf)]))
# ---------- TIFF : raw writer
def tiff(name,strips,w,h,tags,order='<',big=False,rps=None,extra_after=b''):
    base={256:(4,[w]),257:(4,[h]),259:(3,[1]),262:(3,[1]),278:(4,[rps or h])}
    base.update(tags)
    for k in [k for k,v in base.items() if v is None]: del base[k]
    tiled=322 in base
    if tiled: base.pop(278,None)
    offk,cntk=(324,325) if tiled else (273,279)
    base[offk]=(4,[0]*len(strips)); base[cntk]=(4,[len(s) for s in strips])
    size={1:1,2:1,3:2,4:4,5:8,6:1,7:1,8:2,9:4,11:4,12:8,16:8}; code={1:'B',2:'B',3:'H',4:'I',6:'b',7:'B',8:'h',9:'i',11:'f',12:'d',16:'Q'}
    ent=20 if big else 12; inl=8 if big else 4
    hl=16 if big else 8
    ifd=hl; n=len(base); vpos=ifd+(8 if big else 2)+n*ent+(8 if big else 4)
    vpos+=vpos&1
    pos=vpos
    enc={}
    for k,(t,v) in base.items():
        L=size[t]*len(v)
        if L>inl: enc[k]=pos; pos+=L+(L&1)
    sp=[]
    for s in strips: sp.append(pos); pos+=len(s)+(len(s)&1)
    base[offk]=(4,sp)
    b=bytearray(pos)
    e=b'II' if order=='<' else b'MM'
    if big: b[:16]=e+struct.pack(order+'HHHQ',43,8,0,ifd)
    else: b[:8]=e+struct.pack(order+'HI',42,ifd)
    p=ifd; 
    if big: struct.pack_into(order+'Q',b,p,n); p+=8
    else: struct.pack_into(order+'H',b,p,n); p+=2
    for k in sorted(base):
        t,v=base[k]
        d=b''.join(struct.pack(order+code[t],x) for x in v) if t!=5 else b''.join(struct.pack(order+'II',*x) for x in v)
        if big: struct.pack_into(order+'HHQ',b,p,k,t,len(v))
        else: struct.pack_into(order+'HHI',b,p,k,t,len(v))
        if k in enc:
            struct.pack_into(order+('Q' if big else 'I'),b,p+(12 if big else 8),enc[k]); b[enc[k]:enc[k]+len(d)]=d
        else: b[p+(12 if big else 8):p+(12 if big else 8)+len(d)]=d
        p+=ent
    for o,s in zip(sp,strips): b[o:o+len(s)]=s
    put(name,bytes(b)+extra_after)
S=lambda *v:(3,list(v))
def pk(a,bits,order='<'):
    a=np.asarray(a)
    if a.ndim==2: a=a[...,None]
    if bits in(1,2,4): return b''.join(rows(a.reshape(a.shape[0],-1),bits))
    if bits==12:
        o=b''
        for r in a.reshape(a.shape[0],-1):
            s=''.join(format(int(v),'012b') for v in r); s+='0'*(-len(s)%8); o+=bytes(int(s[i:i+8],2) for i in range(0,len(s),8))
        return o
    dt={8:'u1',16:order+'u2',32:order+'u4'}.get(bits,bits)
    return a.astype(dt).tobytes()
for order,on in (('<','le'),('>','be')):
    for ph in (0,1):
        for d in (1,2,4,8,12,16,32):
            v={1:g>>7,2:g>>6,4:g>>4,8:g,12:n16>>4,16:n16,32:n16.astype(np.uint32)*3}[d]
            tiff(f'tif_g{d}_{ph}_{on}.tif',[pk(v,d,order)],W,H,{258:S(d),262:S(ph)},order)
        tiff(f'tif_s8_{ph}_{on}.tif',[g.tobytes()],W,H,{258:S(8),262:S(ph),339:S(2)},order)
        tiff(f'tif_s16_{ph}_{on}.tif',[n16.astype(order+'u2').tobytes()],W,H,{258:S(16),262:S(ph),339:S(2)},order)
        tiff(f'tif_s32_{ph}_{on}.tif',[(n16.astype(order+'i4')//100-50).astype(order+'i4').tobytes()],W,H,{258:S(32),262:S(ph),339:S(2)},order)
        for nm,vals in (('unit',n16/65535.),('255',n16/257.),('wide',n16/30.-100)):
            tiff(f'tif_f32{nm}_{ph}_{on}.tif',[vals.astype(order+'f4').tobytes()],W,H,{258:S(32),262:S(ph),339:S(3)},order)
            tiff(f'tif_f64{nm}_{ph}_{on}.tif',[vals.astype(order+'f8').tobytes()],W,H,{258:S(64),262:S(ph),339:S(3)},order)
            tiff(f'tif_f16{nm}_{ph}_{on}.tif',[vals.astype(order+'f2').tobytes()],W,H,{258:S(16),262:S(ph),339:S(3)},order)
    for d in (1,2,4,8):
        pal16=[ (pal[3*i+c]*257) for c in range(3) for i in range(1<<d)]
        tiff(f'tif_p{d}_{on}.tif',[pk((xx+3*yy)%(1<<d),d,order)],W,H,{258:S(d),262:S(3),320:(3,pal16)},order)
    pal8=[ (pal[3*i+c]) for c in range(3) for i in range(256)]
    tiff(f'tif_p8_8bitmap_{on}.tif',[pk((xx+3*yy)%256,8,order)],W,H,{258:S(8),262:S(3),320:(3,pal8)},order)
    pal16=[ (pal[3*i+c]*256+77) for c in range(3) for i in range(256)]
    tiff(f'tif_p8_oddmap_{on}.tif',[pk((xx+3*yy)%256,8,order)],W,H,{258:S(8),262:S(3),320:(3,pal16)},order)
    tiff(f'tif_pa8_{on}.tif',[np.dstack([(xx+yy)%256,alpha]).astype(np.uint8).tobytes()],W,H,{258:S(8,8),277:S(2),338:S(2),262:S(3),320:(3,pal16)},order)
    tiff(f'tif_rgb8_{on}.tif',[rgb.tobytes()],W,H,{258:S(8,8,8),262:S(2),277:S(3)},order)
    tiff(f'tif_rgb16_{on}.tif',[rgb16.astype(order+'u2').tobytes()],W,H,{258:S(16,16,16),262:S(2),277:S(3)},order)
    tiff(f'tif_rgb16_lzw_{on}.tif',[imagecodecs.lzw_encode(rgb16.astype(order+'u2').tobytes())],W,H,{258:S(16,16,16),262:S(2),277:S(3),259:S(5)},order)
    tiff(f'tif_rgb16_planar_{on}.tif',[rgb16[...,c].astype(order+'u2').tobytes() for c in range(3)],W,H,{258:S(16,16,16),262:S(2),277:S(3),284:S(2)},order)
    tiff(f'tif_rgb8_planar_{on}.tif',[rgb[...,c].tobytes() for c in range(3)],W,H,{258:S(8,8,8),262:S(2),277:S(3),284:S(2)},order)
    tiff(f'tif_rgbf32_{on}.tif',[(rgb16/257.).astype(order+'f4').tobytes()],W,H,{258:S(32,32,32),262:S(2),277:S(3),339:S(3,3,3)},order)
    tiff(f'tif_rgb32_{on}.tif',[(rgb16.astype(np.uint32)*65537).astype(order+'u4').tobytes()],W,H,{258:S(32,32,32),262:S(2),277:S(3)},order)
    for es,en in ((0,'x'),(1,'assoc'),(2,'un')):
        tiff(f'tif_rgba8_{en}_{on}.tif',[rgba.tobytes()],W,H,{258:S(8,8,8,8),262:S(2),277:S(4),338:S(es)},order)
        tiff(f'tif_rgba8_{en}_planar_{on}.tif',[rgba[...,c].tobytes() for c in range(4)],W,H,{258:S(8,8,8,8),262:S(2),277:S(4),338:S(es),284:S(2)},order)
        tiff(f'tif_rgba8_{en}_lzw_{on}.tif',[imagecodecs.lzw_encode(rgba.tobytes())],W,H,{258:S(8,8,8,8),262:S(2),277:S(4),338:S(es),259:S(5)},order)
        tiff(f'tif_rgba16_{en}_{on}.tif',[np.dstack([rgb16,n16]).astype(order+'u2').tobytes()],W,H,{258:S(16,16,16,16),262:S(2),277:S(4),338:S(es)},order)
        tiff(f'tif_la8_{en}_{on}.tif',[np.dstack([g,alpha]).tobytes()],W,H,{258:S(8,8),262:S(1),277:S(2),338:S(es)},order)
        tiff(f'tif_la16_{en}_{on}.tif',[np.dstack([n16,n16[::-1]]).astype(order+'u2').tobytes()],W,H,{258:S(16,16),262:S(1),277:S(2),338:S(es)},order)
    tiff(f'tif_rgba8_none_{on}.tif',[rgba.tobytes()],W,H,{258:S(8,8,8,8),262:S(2),277:S(4)},order)
    tiff(f'tif_rgb5ch_{on}.tif',[np.dstack([rgba,alpha]).tobytes()],W,H,{258:S(8,8,8,8,8),262:S(2),277:S(5),338:S(2,0)},order)
    tiff(f'tif_rgb6ch_{on}.tif',[np.dstack([rgba,alpha,alpha]).tobytes()],W,H,{258:S(8,8,8,8,8,8),262:S(2),277:S(6),338:S(0,0,0)},order)
    cm=np.dstack([255-rgb,alpha//3])
    tiff(f'tif_cmyk8_{on}.tif',[cm.tobytes()],W,H,{258:S(8,8,8,8),262:S(5),277:S(4)},order)
    tiff(f'tif_cmyk16_{on}.tif',[(cm.astype(np.uint16)*256+33).astype(order+'u2').tobytes()],W,H,{258:S(16,16,16,16),262:S(5),277:S(4)},order)
    tiff(f'tif_cmyka8_{on}.tif',[np.dstack([cm,alpha]).tobytes()],W,H,{258:S(8,8,8,8,8),262:S(5),277:S(5),338:S(0)},order)
    tiff(f'tif_lab8_{on}.tif',[rgb.tobytes()],W,H,{258:S(8,8,8),262:S(8),277:S(3)},order)
    tiff(f'tif_icclab8_{on}.tif',[rgb.tobytes()],W,H,{258:S(8,8,8),262:S(9),277:S(3)},order)
    tiff(f'tif_lab16_{on}.tif',[rgb16.astype(order+'u2').tobytes()],W,H,{258:S(16,16,16),262:S(8),277:S(3)},order)
    tiff(f'tif_ycc8_{on}.tif',[rgb.tobytes()],W,H,{258:S(8,8,8),262:S(6),277:S(3),530:S(1,1)},order)
    tiff(f'tif_ycc8_ref_{on}.tif',[rgb.tobytes()],W,H,{258:S(8,8,8),262:S(6),277:S(3),530:S(1,1),532:(5,[(16,1),(235,1),(128,1),(240,1),(128,1),(240,1)])},order)
for o in range(0,10):
    tiff(f'tif_o{o}.tif',[rgb.tobytes()],W,H,{258:S(8,8,8),262:S(2),277:S(3),274:S(o)}); tiff(f'tif_o{o}_lzw.tif',[imagecodecs.lzw_encode(rgb.tobytes())],W,H,{258:S(8,8,8),262:S(2),277:S(3),274:S(o),259:S(5)})
    tiff(f'tif_o{o}_g16.tif',[n16.tobytes()],W,H,{258:S(16),262:S(1),274:S(o)})
rev=bytes(int(format(i,'08b')[::-1],2) for i in range(256))
tiff('tif_fill2_g1.tif',[pk(g>>7,1).translate(rev)],W,H,{258:S(1),266:S(2)}); tiff('tif_fill2_g8.tif',[pk(g,8).translate(rev)],W,H,{258:S(8),266:S(2)}); tiff('tif_fill2_rgb.tif',[rgb.tobytes().translate(rev)],W,H,{258:S(8,8,8),262:S(2),277:S(3),266:S(2)}); tiff('tif_fill2_g16.tif',[n16.tobytes().translate(rev)],W,H,{258:S(16),266:S(2)}); tiff('tif_fill2_g1_0.tif',[pk(g>>7,1).translate(rev)],W,H,{258:S(1),262:S(0),266:S(2)}); tiff('tif_fill2_g4.tif',[pk(g>>4,4).translate(rev)],W,H,{258:S(4),266:S(2)})
tiff('tif_nobps.tif',[pk(g>>7,1)],W,H,{}); tiff('tif_bps1for3.tif',[rgb.tobytes()],W,H,{258:S(8),262:S(2),277:S(3)}); tiff('tif_nophoto.tif',[g.tobytes()],W,H,{258:S(8),262:None}); 
st=[g[i:i+5].tobytes() for i in range(0,H,5)]
tiff('tif_strips.tif',st,W,H,{258:S(8)},rps=5); tiff('tif_strips_rgb.tif',[rgb[i:i+7].tobytes() for i in range(0,H,7)],W,H,{258:S(8,8,8),262:S(2),277:S(3)},rps=7)
def tiles(a,t=16):
    o=[]
    for y in range(0,a.shape[0],t):
        for x in range(0,a.shape[1],t):
            q=np.zeros((t,t)+a.shape[2:],a.dtype); s=a[y:y+t,x:x+t]; q[:s.shape[0],:s.shape[1]]=s; o.append(q.tobytes())
    return o
tiff('tif_tiled_rgb.tif',tiles(rgb),W,H,{258:S(8,8,8),262:S(2),277:S(3),322:S(16),323:S(16)}); tiff('tif_tiled_g16.tif',tiles(n16),W,H,{258:S(16),322:S(16),323:S(16)}); tiff('tif_tiled_rgb_planar.tif',sum([tiles(rgb[...,c]) for c in range(3)],[]),W,H,{258:S(8,8,8),262:S(2),277:S(3),322:S(16),323:S(16),284:S(2)})
tiff('tif_tiled_rgb_lzw.tif',[imagecodecs.lzw_encode(t) for t in tiles(rgb)],W,H,{258:S(8,8,8),262:S(2),277:S(3),322:S(16),323:S(16),259:S(5)}); tiff('tif_tiled_f32.tif',tiles((n16/257.).astype('f4')),W,H,{258:S(32),339:S(3),322:S(16),323:S(16)})
tiff('tif_big_le.tif',[rgb.tobytes()],W,H,{258:S(8,8,8),262:S(2),277:S(3)},big=True); tiff('tif_big_be.tif',[rgb.tobytes()],W,H,{258:S(8,8,8),262:S(2),277:S(3)},'>',big=True); tiff('tif_big_g16.tif',[n16.tobytes()],W,H,{258:S(16)},big=True); tiff('tif_big_o6.tif',[rgb.tobytes()],W,H,{258:S(8,8,8),262:S(2),277:S(3),274:S(6)},big=True); tiff('tif_big_lzw_f32.tif',[imagecodecs.lzw_encode((n16/257.).astype('f4').tobytes())],W,H,{258:S(32),339:S(3),259:S(5)},big=True)
# compressions via tifffile
def tf(name,a,**k):
    try: tifffile.imwrite(f'{out}/{name}',a,metadata=None,**k)
    except Exception as e: print('cannot',name,str(e)[:80])
for comp in ('lzw','zlib','packbits','zstd','lzma','jpeg','webp','png','jpeg2000','lerc','deflate','adobe_deflate','jpegxl','jpegxr'):
    tf(f'tif_c_{comp}_rgb.tif',rgb,photometric='rgb',compression=comp); tf(f'tif_c_{comp}_g.tif',g,photometric='minisblack',compression=comp)
for comp in ('lzw','zlib','zstd'):
    for nm,a,ph in (('rgb',rgb,'rgb'),('rgb16',rgb16,'rgb'),('g16',n16,'minisblack'),('g8',g,'minisblack'),('rgba',rgba,'rgb'),('g32',(n16.astype(np.uint32)*3),'minisblack'),('f32',(n16/257.).astype('f4'),'minisblack'),('f32rgb',(rgb16/257.).astype('f4'),'rgb')):
        for bo in '<>':
            tf(f'tif_pred_{comp}_{nm}_{"le" if bo=="<" else "be"}.tif',a,photometric=ph,compression=comp,predictor=True,byteorder=bo,**({'extrasamples':['unassalpha']} if nm=='rgba' else {}))
    tf(f'tif_pred_{comp}_tiled.tif',rgb,photometric='rgb',compression=comp,predictor=True,tile=(16,16)); tf(f'tif_pred_{comp}_planar.tif',np.moveaxis(rgb,-1,0),photometric='rgb',planarconfig='separate',compression=comp,predictor=True)
for ss in ((1,1),(2,1),(2,2),(1,2),(4,1),(4,2)): tf('tif_jpeg_ycc_%d%d.tif'%ss,np.ascontiguousarray(np.asarray(big)),photometric='rgb',compression='jpeg',subsampling=ss)
tf('tif_jpeg_rgb.tif',rgb,photometric='rgb',compression='jpeg',compressionargs={'outcolorspace':'RGB'}); tf('tif_jpeg_tiled.tif',np.ascontiguousarray(np.asarray(big)),photometric='rgb',compression='jpeg',tile=(64,64)); tf('tif_jpeg_strips.tif',np.ascontiguousarray(np.asarray(big)),photometric='rgb',compression='jpeg',rowsperstrip=16)
for c in ('group3','group4','tiff_ccitt','tiff_lzw','packbits','tiff_deflate'): save(f'tif_pil_{c}_1.tif',im.convert('1'),compression=c); save(f'tif_pil_{c}_1inv.tif',im.convert('1'),compression=c,tiffinfo={262:0})
for c in ('tiff_lzw','tiff_adobe_deflate','packbits','jpeg','lzma','zstd','webp','tiff_deflate','tiff_jpeg','tiff_sgilog','tiff_sgilog24','tiff_thunderscan'):
    for mode in ('L','RGB','RGBA','CMYK','YCbCr','LAB','P','LA','I;16','I','F'):
        if mode=='LAB': src=Image.frombytes('LAB',(W,H),rgb.tobytes())
        elif mode=='P': src=im.quantize(90)
        elif mode=='LA': src=Image.merge('LA',(grey,Image.fromarray(alpha)))
        elif mode=='RGBA': src=I
        elif mode=='I;16': src=Image.fromarray(n16)
        elif mode=='I': src=Image.fromarray((n16//200).astype(np.int32))
        elif mode=='F': src=Image.fromarray((n16/257.).astype(np.float32))
        else: src=im.convert(mode)
        save(f'tif_pil_{c}_{mode.replace(";","")}.tif',src,compression=c)
for mode in ('YCbCr','LAB','CMYK'):
    src=Image.frombytes('LAB',(W,H),rgb.tobytes()) if mode=='LAB' else im.convert(mode); save(f'tif_pil_raw_{mode}.tif',src)
tf('tif_pages.tif',np.stack([rgb,rgb[::-1]]),photometric='rgb'); tf('tif_subifd.tif',rgb,photometric='rgb')
# tifffile CMYK lzw + planar etc
tf('tif_cmyk_lzw.tif',cm,photometric='separated',compression='lzw',predictor=True); tf('tif_cmyk16_lzw.tif',(cm.astype(np.uint16)*257),photometric='separated',compression='lzw'); tf('tif_cmyk_jpeg.tif',cm,photometric='separated',compression='jpeg')
tf('tif_cmyk_planar.tif',np.moveaxis(cm,-1,0),photometric='separated',planarconfig='separate')
# old jpeg? thumbnails; image with reduced subfile first
tiff('tif_1x1.tif',[rgb[:1,:1].tobytes()],1,1,{258:S(8,8,8),262:S(2),277:S(3)})
print(len(os.listdir(out)))
